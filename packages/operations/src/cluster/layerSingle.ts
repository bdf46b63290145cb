import { layerDigest } from "@effect/platform-node/NodeCrypto"
import { Effect, Layer } from "effect"
import { RunnerHealth, Runners, RunnerStorage, Sharding, SqlMessageStorage } from "effect/cluster"
import { SqlClient } from "effect/sql"
import type { EngineInUse, OperationsUnavailable } from "../domain/errors.ts"
import { Cluster } from "../ports/Cluster.ts"
import { singleState } from "./clusterState.ts"
import { type EnginePorts, engineOver, type EngineServices, type Supervising } from "./engine.ts"
import { engineLock } from "./engineLock.ts"
import { intervalsAlone } from "./intervals.ts"
import { observe } from "./observe.ts"

/** How one process alone carries operations on. */
export interface SingleOptions extends Supervising {
  /** The SQLite file that the `SqlClient` is on; undefined where it is in memory, and nobody else's. */
  readonly filename: string | undefined
}

/** Sharding for one process: it owns everything at once. */
const alone = Sharding.layer.pipe(
  Layer.provideMerge(Runners.layerNoop),
  Layer.provideMerge(SqlMessageStorage.layer),
  Layer.provide([RunnerStorage.layerMemory, RunnerHealth.layerNoop, layerDigest])
)

/**
 * Operations of one process alone, on SQLite. What it leaves unfinished, the next process on the same
 * file carries on.
 *
 * Fails with `EngineInUse` where another process carries on the operations of that file.
 */
export const layerSingle = ({
  filename,
  ...supervising
}: SingleOptions): Layer.Layer<
  EngineServices,
  EngineInUse | OperationsUnavailable,
  EnginePorts
> => {
  const lock = filename === undefined ? Layer.empty : Layer.effectDiscard(engineLock(filename))
  const cluster = Layer.effect(
    Cluster,
    Effect.map(SqlClient.SqlClient, (sql) => ({
      state: Effect.provideService(singleState, SqlClient.SqlClient, sql)
    }))
  )
  // The lock first: of two processes that start at once one must not touch the tables.
  return Layer.effectDiscard(observe).pipe(
    Layer.provideMerge(
      Layer.merge(
        engineOver(alone, intervalsAlone, { mayComeTwice: false, ...supervising }),
        cluster
      )
    ),
    Layer.provide(lock)
  )
}
