import { resolve } from "node:path"
import { Cluster, layerClusterView, type Runner } from "@campaignctl/operations"
import { Effect, Layer } from "effect"
import { ledgerClientLayer } from "../../compose/layers.ts"
import { configWithoutCredentials } from "../../compose/loadConfig.ts"
import { ExitCode } from "../../exit/ExitCode.ts"
import type { CommandEffect, CommandInput } from "../../process/CommandInput.ts"
import { emit } from "../../render/emit.ts"
import { table } from "../../render/table.ts"

/** `cluster status`: which processes share the work on this database, and what each has of it. */
export const clusterStatus = ({ env, options }: CommandInput): CommandEffect =>
  Effect.gen(function* () {
    const { ledger } = yield* configWithoutCredentials(env, options)
    const state = yield* Effect.flatMap(Cluster, (cluster) => cluster.state).pipe(
      Effect.provide(
        layerClusterView(
          ledger._tag === "Sqlite"
            ? { _tag: "Single", filename: resolve(ledger.filename) }
            : { _tag: "Cluster" }
        ).pipe(Layer.provide(ledgerClientLayer(ledger, env)))
      )
    )
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
