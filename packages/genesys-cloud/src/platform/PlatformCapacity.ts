import {
  type AgentCapacity,
  type AgentsAvailable,
  type CapacityScope,
  type Unknown,
  unknown
} from "@campaignctl/core"
import { Effect } from "effect"
import { permissions } from "../permissions.ts"
import { routes } from "../routes.ts"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { fieldOf, listOf, numberOf, textOf } from "../wire/json.ts"
import { malformed } from "../wire/malformed.ts"
import { PAGE_SIZE } from "./pages.ts"

/** Agents of one queue that could take a call now. Source: Genesys' observation metrics and routing statuses. */
const METRIC = "oUserRoutingStatuses"
const AVAILABLE = "IDLE"
/** Queues in one observation query. Genesys names no limit; a hundred keeps the request as small as a page. */
const QUEUES_PER_QUERY = 100

/** Agents counted by the queue observations of Genesys' analytics. */
export const makePlatformCapacity = (client: GenesysClient): AgentCapacity["Service"] => {
  const availableAll = Effect.fnUntraced(function* (scopes: ReadonlyArray<CapacityScope>) {
    const queues = scopes.flatMap((scope) => (scope._tag === "Queue" ? [scope.id] : []))
    const idle = yield* observeAll(client, [...new Set(queues)])
    const all = scopes.length > queues.length ? yield* ofAllQueues(client) : undefined
    return scopes.map((scope) =>
      scope._tag === "Queue"
        ? ofQueue(idle.get(scope.id), scope.name ?? scope.id)
        : (all ?? unknown("Genesys was not asked."))
    )
  })
  return {
    available: (scope) =>
      scope._tag === "AllQueues"
        ? ofAllQueues(client)
        : Effect.map(observe(client, [scope.id]), (idle) =>
            ofQueue(idle.get(scope.id), scope.name ?? scope.id)
          ),
    availableAll
  }
}

const ofQueue = (available: number | undefined, name: string): AgentsAvailable | Unknown =>
  available === undefined
    ? unknown(`Genesys has no observations of the queue ${name}.`)
    : { _tag: "AgentsAvailable", available, of: name }

/**
 * The sum over every queue. An agent of several queues counts in each, and a queue without
 * observations counts none, as no agent has been on it.
 */
const ofAllQueues = Effect.fnUntraced(function* (client: GenesysClient) {
  const idle = yield* observeAll(client, yield* queueIds(client))
  let available = 0
  for (const agents of idle.values()) available += agents
  const counted: AgentsAvailable = { _tag: "AgentsAvailable", available, of: "all queues" }
  return idle.size === 0 ? unknown("Genesys has no observations of any queue.") : counted
})

/** As `observe`, of any number of queues, a hundred with each request. */
const observeAll = Effect.fnUntraced(function* (
  client: GenesysClient,
  queues: ReadonlyArray<string>
) {
  const idle = new Map<string, number>()
  for (let from = 0; from < queues.length; from += QUEUES_PER_QUERY)
    for (const [queue, agents] of yield* observe(
      client,
      queues.slice(from, from + QUEUES_PER_QUERY)
    ))
      idle.set(queue, agents)
  return idle
})

/** Idle agents by queue; a queue that the reply does not speak of is absent. */
const observe = Effect.fnUntraced(function* (client: GenesysClient, queues: ReadonlyArray<string>) {
  const what = "counting available agents"
  const { body } = yield* client.call({
    what,
    permission: permissions.viewObservations,
    route: routes.observations,
    send: async ({ analytics }) =>
      (await analytics()).postAnalyticsQueuesObservationsQuery({
        filter: {
          type: "or",
          predicates: queues.map((value) => ({
            type: "dimension",
            dimension: "queueId",
            operator: "matches",
            value
          }))
        },
        metrics: [METRIC]
      })
  })
  const idle = new Map<string, number>()
  // An empty result is written as no field at all.
  for (const result of listOf(body, "results")) {
    const queue = textOf(fieldOf(result, "group"), "queueId")
    if (queue === undefined) continue
    let agents = idle.get(queue) ?? 0
    // A group may come once for each media type; a status that nobody has is left out, and is nought.
    for (const row of listOf(result, "data")) {
      if (textOf(row, "metric") !== METRIC || textOf(row, "qualifier") !== AVAILABLE) continue
      const count = numberOf(fieldOf(fieldOf(row, "stats"), "count"))
      if (count === undefined || count < 0)
        return yield* malformed(what, `the count of queue ${queue}`)
      agents = Math.max(agents, Math.floor(count))
    }
    idle.set(queue, agents)
  }
  return idle
})

const queueIds = Effect.fnUntraced(function* (client: GenesysClient) {
  const what = "listing the queues"
  const ids: Array<string> = []
  for (let pageNumber = 1; ; pageNumber++) {
    const { body } = yield* client.call({
      what,
      permission: permissions.viewQueues,
      route: routes.queues,
      send: async ({ routing }) =>
        (await routing()).getRoutingQueues({ pageSize: PAGE_SIZE, pageNumber })
    })
    const page = listOf(body, "entities")
    for (const queue of page) {
      const id = textOf(queue, "id")
      if (id === undefined) return yield* malformed(what, "a queue's id")
      ids.push(id)
    }
    const pageCount = numberOf(fieldOf(body, "pageCount"))
    if (
      page.length === 0 ||
      (pageCount === undefined ? page.length < PAGE_SIZE : pageNumber >= pageCount)
    )
      return ids
  }
})
