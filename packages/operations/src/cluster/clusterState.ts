import { Clock, Effect } from "effect"
import { SqlClient } from "effect/sql"
import { orUnavailable } from "../database/unavailable.ts"
import type { Integer } from "../database/rows.ts"
import type { OperationsUnavailable } from "../domain/errors.ts"
import type { ClusterState } from "../ports/Cluster.ts"
import { LEASE_SECONDS, SHARDS } from "./intervals.ts"

/** What a single process says of itself; the name stands in the operations that it carries on. */
const ALONE = "this process"

const openOperations = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const rows = yield* sql<{ runner: string | null; operations: Integer }>`
    SELECT runner, count(*) AS operations FROM operations
    WHERE ${sql.in("status", ["pending", "running", "paused"])} GROUP BY runner`
  return new Map(rows.map(({ operations, runner }) => [runner, Number(operations)]))
})

/** The state of one process alone: it holds everything. */
export const singleState: Effect.Effect<ClusterState, OperationsUnavailable, SqlClient.SqlClient> =
  orUnavailable(
    Effect.gen(function* () {
      const operations = yield* openOperations
      return {
        mode: "single",
        runners: [
          {
            address: ALONE,
            healthy: true,
            self: true,
            lastSeen: new Date(yield* Clock.currentTimeMillis).toISOString(),
            shards: SHARDS,
            operations: [...operations.values()].reduce((sum, count) => sum + count, 0)
          }
        ],
        shardsTotal: SHARDS,
        shardsFree: 0
      }
    })
  )

/** The state of a cluster, read from the engine's own tables: any process can tell it. */
export const clusterState = (
  self: string
): Effect.Effect<ClusterState, OperationsUnavailable, SqlClient.SqlClient> =>
  orUnavailable(
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const runners = yield* sql<{ address: string; healthy: boolean; last_heartbeat: Date }>`
        SELECT address, healthy, last_heartbeat FROM cluster_runners ORDER BY address`
      const leases = yield* sql<{ address: string; shards: Integer; seen: Date }>`
        SELECT address, count(*) AS shards, max(acquired_at) AS seen FROM cluster_locks
        WHERE acquired_at > NOW() - make_interval(secs => ${LEASE_SECONDS}) GROUP BY address`
      const held = new Map(leases.map((lease) => [lease.address, lease]))
      const operations = yield* openOperations
      const shardsHeld = leases.reduce((sum, { shards }) => sum + Number(shards), 0)
      return {
        mode: "cluster",
        runners: runners.map(({ address, healthy, last_heartbeat }) => {
          const lease = held.get(address)
          const seen = Math.max(
            new Date(last_heartbeat).getTime(),
            lease === undefined ? 0 : new Date(lease.seen).getTime()
          )
          return {
            address,
            healthy,
            self: address === self,
            lastSeen: new Date(seen).toISOString(),
            shards: Number(lease?.shards ?? 0),
            operations: operations.get(address) ?? 0
          }
        }),
        shardsTotal: SHARDS,
        shardsFree: Math.max(0, SHARDS - shardsHeld)
      }
    })
  )
