import { stringField } from "../../Json.ts"
import { idleAgents, onQueueAgents } from "../../world/Queue.ts"
import { json, refuse } from "../ApiAnswer.ts"
import { readJsonObject } from "../Route.ts"
import type { Route } from "../Route.ts"

/** Agents of every queue, as the ETag contract reports them. */
const realtime: Route = {
  method: "GET",
  path: "/api/v2/analytics/queues/realtime",
  access: { anyOf: ["analytics:queueObservation:view"] },
  scope: "analytics:queue:read",
  handle: (state, request) => {
    if (request.query.get("groupBy") !== "queue")
      throw refuse("invalid.query.param.value", "groupBy must be queue.")
    const key = state.world.facts.realtimeQueueKey
    const entities = [...state.world.queues.values()].map((queue) => ({
      queue: queue[key],
      agentsAvailable: idleAgents(queue),
      agentsLoggedIn: onQueueAgents(queue)
    }))
    return json({ entities })
  }
}

const REQUIRED_WEBHOOK_FIELDS = ["name", "type", "endpoint", "eventFilters"] as const

/** Registers a webhook; one name can be registered once. The registration is kept, and nothing is ever sent to it. */
const registerWebhook: Route = {
  method: "POST",
  path: "/api/v2/webhooks",
  access: "token",
  scope: "platform:webhook:write",
  handle: (state, request) => {
    const body = readJsonObject(request)
    const missing = REQUIRED_WEBHOOK_FIELDS.filter((field) => body[field] === undefined)
    if (missing.length > 0)
      throw refuse("constraint.validation", `Required fields are missing: ${missing.join(", ")}.`)
    const name = stringField(body, "name") ?? ""
    if (state.webhooks.has(name)) {
      throw refuse("webhook.exists", `A webhook named "${name}" exists already.`)
    }
    const webhook = { ...body, id: state.ids.guid() }
    state.webhooks.set(name, webhook)
    return json(webhook, { status: 201 })
  }
}

export const etagContractRoutes: ReadonlyArray<Route> = [realtime, registerWebhook]
