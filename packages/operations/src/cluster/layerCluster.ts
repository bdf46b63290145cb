import { layerDigest } from "@effect/platform-node/NodeCrypto"
import { layerClientProtocol, layerSocketServer } from "@effect/platform-node/NodeClusterSocket"
import { Effect, Layer, Option } from "effect"
import {
  RunnerAddress,
  RunnerHealth,
  Runners,
  type ShardingConfig,
  SocketRunner,
  SqlMessageStorage,
  SqlRunnerStorage
} from "effect/cluster"
import { RpcSerialization } from "effect/rpc"
import type { SocketServer } from "effect/socket"
import { SqlClient } from "effect/sql"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { Cluster } from "../ports/Cluster.ts"
import { clusterState } from "./clusterState.ts"
import { type EnginePorts, engineOver, type EngineServices, type Supervising } from "./engine.ts"
import { engineTables } from "./engineTables.ts"
import { intervals } from "./intervals.ts"
import { observe } from "./observe.ts"

/** How one process of a cluster is reached by the others. */
export interface ClusterOptions extends Supervising {
  /** A name or address that the other processes reach this one by; unlike every other's, with its port. */
  readonly host: string
  readonly port: number
  /** Where it listens; `host` unless told otherwise, as where that is the name of a pod. */
  readonly listenHost?: string
}

/** Sharding among the processes on one database, which speak to each other over sockets. */
const among = SocketRunner.layer.pipe(
  Layer.provide([layerSocketServer, layerClientProtocol]),
  Layer.provide(
    RunnerHealth.layerPing.pipe(Layer.provide(Runners.layerRpc), Layer.provide(layerClientProtocol))
  ),
  Layer.provideMerge(SqlMessageStorage.layerStorage({}).pipe(Layer.provide(layerDigest))),
  Layer.provide(SqlRunnerStorage.layerStorage({})),
  Layer.provide(RpcSerialization.layerSchemaBinary()),
  Layer.provide(engineTables)
)

/**
 * Operations of one of several processes on one PostgreSQL database: each campaign and each operation
 * has one owner at a time, and what a process leaves unfinished another takes up within seconds.
 *
 * Give it a time to end in: on SIGTERM it lets go of what it owns; a supervisor should kill it if it
 * takes longer than half a minute.
 */
export const layerCluster = ({
  host,
  listenHost,
  port,
  ...supervising
}: ClusterOptions): Layer.Layer<
  EngineServices,
  OperationsUnavailable | SocketServer.SocketServerError,
  EnginePorts
> => {
  const address = RunnerAddress.make(host, port)
  const config: ShardingConfig.ShardingConfig["Service"] = {
    ...intervals,
    runnerAddress: Option.some(address),
    runnerListenAddress: Option.some(RunnerAddress.make(listenHost ?? host, port))
  }
  const cluster = Layer.effect(
    Cluster,
    Effect.map(SqlClient.SqlClient, (sql) => ({
      state: Effect.provideService(clusterState(`${host}:${port}`), SqlClient.SqlClient, sql)
    }))
  )
  return Layer.provideMerge(
    Layer.effectDiscard(observe),
    Layer.merge(engineOver(among, config, { mayComeTwice: true, ...supervising }), cluster)
  )
}
