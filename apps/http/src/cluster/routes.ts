import { Effect, Schema } from "effect"
import { unbound } from "../callers/unbound.ts"
import { clusterPort } from "../operations/ports.ts"
import { json } from "../routes/Answer.ts"
import { noBody, none, route } from "../routes/Route.ts"

const RunnerDocument = Schema.Struct({
  address: Schema.String.annotate({ description: "By which the others reach it." }),
  healthy: Schema.Boolean,
  self: Schema.Boolean.annotate({ description: "Whether it is the process that answers." }),
  lastSeen: Schema.NullOr(Schema.String.annotate({ description: "ISO 8601 in UTC." })),
  shards: Schema.Int.annotate({ description: "Its part of the campaigns and operations." }),
  operations: Schema.Int.annotate({ description: "Operations that it carries on." })
}).annotate({ identifier: "Runner" })

const ClusterDocument = Schema.Struct({
  mode: Schema.Literals(["single", "cluster"]),
  runners: Schema.Array(RunnerDocument),
  shardsTotal: Schema.Int,
  shardsFree: Schema.Int.annotate({
    description: "Shards that nobody holds now; operations on them wait."
  })
}).annotate({ identifier: "Cluster" })

export const clusterRoute = route({
  method: "GET",
  path: "/v1/cluster",
  operationId: "getCluster",
  summary: "Which processes share the work.",
  scope: "admin",
  params: none,
  query: none,
  body: noBody,
  success: { description: "They.", mediaTypes: { "application/json": ClusterDocument } },
  problems: ["DIVISION_BOUND"],
  run: Effect.fnUntraced(function* (_, { caller }) {
    yield* unbound(caller)
    const state = yield* (yield* clusterPort).state
    return json(state satisfies typeof ClusterDocument.Type)
  })
})
