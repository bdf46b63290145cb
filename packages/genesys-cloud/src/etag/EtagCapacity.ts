import {
  type AgentCapacity,
  type AgentsAvailable,
  type CapacityScope,
  unknown
} from "@campaignctl/core"
import { Effect } from "effect"
import { permissions } from "../permissions.ts"
import { routes } from "../routes.ts"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { fieldOf, listOf, numberOf, textOf } from "../wire/json.ts"
import { malformed } from "../wire/malformed.ts"

const WHAT = "counting available agents"

/** Agents counted by the ETag contract's realtime list, in which a queue is named by its id or by its name. */
export const makeEtagCapacity = (client: GenesysClient): AgentCapacity["Service"] => {
  // The one request tells of every queue.
  const availableAll = Effect.fnUntraced(function* (scopes: ReadonlyArray<CapacityScope>) {
    if (scopes.length === 0) return []
    const rows = yield* realtime(client)
    return yield* Effect.forEach(scopes, (scope) => countOf(rows, scope))
  })
  return {
    available: (scope) => Effect.flatMap(realtime(client), (rows) => countOf(rows, scope)),
    availableAll
  }
}

const realtime = Effect.fnUntraced(function* (client: GenesysClient) {
  const { body } = yield* client.call({
    what: WHAT,
    permission: permissions.viewObservations,
    route: routes.realtime,
    send: ({ call }) =>
      call("GET", routes.realtime.template, {
        interval: "now",
        groupBy: "queue",
        select: "queue,agentsAvailable,agentsLoggedIn"
      })
  })
  const rows = fieldOf(body, "entities")
  return Array.isArray(rows) ? listOf(body, "entities") : yield* malformed(WHAT, "entities")
})

const countOf = Effect.fnUntraced(function* (rows: ReadonlyArray<unknown>, scope: CapacityScope) {
  const wanted =
    scope._tag === "AllQueues"
      ? rows
      : rows.filter((row) => {
          const queue = queueOf(row)
          return queue !== undefined && (queue === scope.id || queue === scope.name)
        })
  const of = scope._tag === "AllQueues" ? "all queues" : (scope.name ?? scope.id)
  if (wanted.length === 0) return unknown(`the realtime list has nothing on ${of}.`)
  let available = 0
  for (const row of wanted) {
    const agents = numberOf(fieldOf(row, "agentsAvailable"))
    if (agents === undefined || agents < 0) return yield* malformed(WHAT, "agentsAvailable")
    available += Math.floor(agents)
  }
  const counted: AgentsAvailable = { _tag: "AgentsAvailable", available, of }
  return counted
})

/** The queue as a text, or as an object with an id or a name. */
const queueOf = (row: unknown): string | undefined =>
  textOf(row, "queue") ??
  textOf(fieldOf(row, "queue"), "id") ??
  textOf(fieldOf(row, "queue"), "name")
