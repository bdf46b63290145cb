import { resolve } from "node:path"
import type { LedgerConfig } from "@campaignctl/core"
import {
  Cluster,
  type ClusterState,
  layerClusterView,
  type OperationsUnavailable,
  type Runner
} from "@campaignctl/operations"
import { Effect } from "effect"
import type { SqlClient } from "effect/sql"
import { ledgerClientLayer } from "../../compose/layers.ts"
import { configWithoutCredentials } from "../../compose/loadConfig.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit } from "../../render/emit.ts"
import { table } from "../../render/table.ts"

/** Who carries on what on a database, told to a process that does not itself. */
export const clusterStateOf = (
  ledger: LedgerConfig
): Effect.Effect<ClusterState, OperationsUnavailable, SqlClient.SqlClient> =>
  Effect.flatMap(Cluster, (cluster) => cluster.state).pipe(
    Effect.provide(
      layerClusterView(
        ledger._tag === "Sqlite"
          ? { _tag: "Single", filename: resolve(ledger.filename) }
          : { _tag: "Cluster" }
      )
    )
  )

/** `cluster status`: which processes share the work on this database, and what each has of it. */
export const clusterStatus = ({ env, options }: CommandInput): CommandEffect =>
  Effect.gen(function* () {
    const { ledger } = yield* configWithoutCredentials(env, options)
    const state = yield* Effect.provide(clusterStateOf(ledger), ledgerClientLayer(ledger, env))
    yield* emit(state, ({ out }) => [
      ...table<Runner>(
        [
          { title: "RUNNER", text: ({ address }) => address },
          {
            title: "HEALTHY",
            text: ({ healthy }) => (healthy ? "yes" : "no"),
            style: ({ healthy }) => (healthy ? "green" : "red")
          },
          { title: "LAST SEEN", text: ({ lastSeen }) => lastSeen ?? "" },
          { title: "SHARDS", text: ({ shards }) => String(shards) },
          { title: "OPERATIONS", text: ({ operations }) => String(operations) }
        ],
        state.runners,
        out
      ),
      state.runners.some(({ healthy }) => healthy)
        ? `${state.shardsTotal - state.shardsFree} of ${state.shardsTotal} shards are held.`
        : "No process carries operations on. `campaignctl serve` starts one."
    ])
    return ExitCode.done
  })
