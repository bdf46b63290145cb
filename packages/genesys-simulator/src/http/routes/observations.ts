import { isJsonObject, stringField } from "../../Json.ts"
import type { JsonObject, JsonValue } from "../../Json.ts"
import { idleAgents, members, onQueueAgents } from "../../world/Queue.ts"
import type { Queue } from "../../world/Queue.ts"
import { json, refuse } from "../ApiAnswer.ts"
import { readJsonObject } from "../Route.ts"
import type { Route } from "../Route.ts"

/** Source: the platform's API definition of QueueObservationQuery.metrics. */
const METRICS: ReadonlySet<string> = new Set([
  "oActiveUsers",
  "oAlerting",
  "oInteracting",
  "oLongestInteracting",
  "oLongestWaiting",
  "oMemberUsers",
  "oOffQueueUsers",
  "oOnQueueUsers",
  "oUserPresences",
  "oUserRoutingStatuses",
  "oWaiting"
])
/** Levels of filters within filters. */
const DEEPEST_FILTER = 2

interface Row {
  readonly metric: string
  readonly qualifier?: string
  readonly count: number
}

/** What each metric counts on a queue. A metric that is not here has nothing to report. */
const ROWS: Readonly<Record<string, (queue: Queue) => ReadonlyArray<Row>>> = {
  oUserRoutingStatuses: (queue) => [
    { metric: "oUserRoutingStatuses", qualifier: "IDLE", count: idleAgents(queue) },
    { metric: "oUserRoutingStatuses", qualifier: "INTERACTING", count: queue.interacting },
    { metric: "oUserRoutingStatuses", qualifier: "NOT_RESPONDING", count: queue.notResponding },
    {
      metric: "oUserRoutingStatuses",
      qualifier: "OFF_QUEUE",
      count: members(queue) - onQueueAgents(queue)
    }
  ],
  oOnQueueUsers: (queue) => [
    { metric: "oOnQueueUsers", qualifier: "IDLE", count: idleAgents(queue) },
    { metric: "oOnQueueUsers", qualifier: "INTERACTING", count: queue.interacting },
    { metric: "oOnQueueUsers", qualifier: "NOT_RESPONDING", count: queue.notResponding }
  ],
  oOffQueueUsers: (queue) => [
    { metric: "oOffQueueUsers", count: members(queue) - onQueueAgents(queue) }
  ],
  oActiveUsers: (queue) => [{ metric: "oActiveUsers", count: members(queue) }],
  oMemberUsers: (queue) => [{ metric: "oMemberUsers", count: members(queue) }]
}

/** Media types under which the platform groups interactions; agents are counted in the group without one. */
const MEDIA_ROWS: Readonly<Record<string, (queue: Queue) => ReadonlyArray<Row>>> = {
  oInteracting: (queue) => [{ metric: "oInteracting", count: queue.interacting }]
}

const rows = (
  table: typeof ROWS,
  metrics: ReadonlyArray<string>,
  queue: Queue
): ReadonlyArray<JsonValue> =>
  metrics
    .flatMap((metric) => table[metric]?.(queue) ?? [])
    // The platform sends no row for a count of zero.
    .filter((row) => row.count > 0)
    .map(({ metric, qualifier, count }) => ({
      metric,
      ...(qualifier === undefined ? {} : { qualifier }),
      stats: { count }
    }))

const queueIds = (filter: JsonObject, depth: number): ReadonlyArray<string> => {
  if (depth > DEEPEST_FILTER) throw refuse("bad.request", "The filter nests too deeply.")
  const predicates = filter["predicates"] ?? []
  const clauses = filter["clauses"] ?? []
  if (!Array.isArray(predicates) || !Array.isArray(clauses))
    throw refuse("bad.request", "The filter is not valid.")
  const own = predicates.flatMap((predicate: JsonValue) => {
    if (!isJsonObject(predicate)) throw refuse("bad.request", "A predicate must be an object.")
    const dimension = stringField(predicate, "dimension")
    if (dimension !== "queueId" && dimension !== "mediaType") {
      throw refuse("bad.request", "Only the dimensions queueId and mediaType can be filtered on.")
    }
    const value = stringField(predicate, "value")
    return dimension === "queueId" && value !== undefined ? [value] : []
  })
  const nested = clauses.flatMap((clause: JsonValue) =>
    isJsonObject(clause) ? queueIds(clause, depth + 1) : []
  )
  return [...own, ...nested]
}

const readMetrics = (body: JsonObject): ReadonlyArray<string> => {
  const metrics = body["metrics"]
  if (!Array.isArray(metrics) || metrics.length === 0)
    throw refuse("bad.request", "metrics is required.")
  return metrics.map((metric: JsonValue) => {
    if (typeof metric === "string" && METRICS.has(metric)) return metric
    throw refuse("bad.request", `${JSON.stringify(metric)} is not a metric of queue observations.`)
  })
}

const groups = (queue: Queue, metrics: ReadonlyArray<string>): ReadonlyArray<JsonValue> => {
  const voice = rows(MEDIA_ROWS, metrics, queue)
  return [
    { group: { queueId: queue.id }, data: rows(ROWS, metrics, queue) },
    ...(voice.length === 0
      ? []
      : [{ group: { queueId: queue.id, mediaType: "voice" }, data: voice }])
  ]
}

export const observationRoutes: ReadonlyArray<Route> = [
  {
    method: "POST",
    path: "/api/v2/analytics/queues/observations/query",
    access: { anyOf: ["analytics:queueObservation:view"] },
    handle: (state, request) => {
      const body = readJsonObject(request)
      const filter = body["filter"]
      if (!isJsonObject(filter)) throw refuse("bad.request", "filter is required.")
      const metrics = readMetrics(body)
      const ids = new Set(queueIds(filter, 1))
      const queues = [...ids].flatMap((id) => state.world.queues.get(id) ?? [])
      const results = queues
        .filter((queue) => state.permissions.inDivision(queue.divisionId))
        .flatMap((queue) => groups(queue, metrics))
      return json({ systemToOrganizationMappings: {}, results })
    }
  }
]
