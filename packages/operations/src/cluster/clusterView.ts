import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { OperationStore } from "../database/OperationStore.ts"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { Cluster, type ClusterState } from "../ports/Cluster.ts"
import { clusterState, singleState } from "./clusterState.ts"
import { engineLock } from "./engineLock.ts"
import { engineTables } from "./engineTables.ts"
import { SHARDS } from "./intervals.ts"

/** Which engine is looked at: one process's on a SQLite file, or the cluster's on PostgreSQL. */
export type ViewedEngine =
  | { readonly _tag: "Single"; readonly filename: string }
  | { readonly _tag: "Cluster" }

/** Nobody is there: what is open waits. */
const NOBODY: ClusterState = {
  mode: "single",
  runners: [],
  shardsTotal: SHARDS,
  shardsFree: SHARDS
}

/** On a SQLite file somebody is there exactly where the lock cannot be had. */
const stateOfFile = (filename: string) =>
  Effect.scoped(Effect.as(engineLock(filename), NOBODY)).pipe(
    Effect.catchTag("EngineInUse", () =>
      Effect.map(singleState, (state) => ({
        ...state,
        runners: state.runners.map((runner) => ({ ...runner, self: false }))
      }))
    )
  )

/** Shows who carries operations on, to a process that does not itself. */
export const layerClusterView = (
  engine: ViewedEngine
): Layer.Layer<Cluster, OperationsUnavailable, SqlClient.SqlClient> => {
  const view = Layer.effect(
    Cluster,
    Effect.map(SqlClient.SqlClient, (sql) => ({
      state: Effect.provideService(
        engine._tag === "Single" ? stateOfFile(engine.filename) : clusterState(""),
        SqlClient.SqlClient,
        sql
      )
    }))
  )
  const tables = Layer.effectDiscard(OperationStore).pipe(Layer.provide(OperationStore.layer))
  return Layer.merge(view, engine._tag === "Single" ? tables : Layer.merge(tables, engineTables))
}
