import type { SupervisionPolicy, TransitionPorts } from "@campaignctl/core"
import { Effect, Layer, References } from "effect"
import {
  ClusterWorkflowEngine,
  type MessageStorage,
  type Runners,
  type Sharding,
  ShardingConfig,
  Singleton
} from "effect/cluster"
import type { SqlClient } from "effect/sql"
import { OperationStore } from "../database/OperationStore.ts"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { beginForgotten, layerOperations } from "../engine/operationsLive.ts"
import { layerWorkflows } from "../engine/workflows.ts"
import { guardSingleton, watchSingleton } from "../guard/guardSingleton.ts"
import { guardStoreSql } from "../guard/sqlGuardStore.ts"
import { haltServices } from "../halt/haltServices.ts"
import type { Cluster } from "../ports/Cluster.ts"
import type { Operations } from "../ports/Operations.ts"
import type { Transitions } from "../ports/Transitions.ts"
import { layerLateStarts } from "../schedules/firing/lateStarts.ts"
import { layerScheduler } from "../schedules/firing/layerScheduler.ts"
import type { ScheduleOptions } from "../schedules/kept/layerSchedules.ts"
import { layerHeard } from "../watch/Heard.ts"
import { watchStoreSql } from "../watch/sqlWatchStore.ts"
import { layerCampaignWriter, layerThroughWriter, type WriterOptions } from "./CampaignWriter.ts"

/** What an engine gives to those who ask for operations. */
export type EngineServices = Operations | Transitions | Cluster

/** What an engine stands on. */
export type EnginePorts = TransitionPorts | SqlClient.SqlClient

/** What a process carries on beside operations. */
export interface Supervising extends ScheduleOptions {
  /** How the guard supervises; without it, or where nothing is under its care, this process never does. */
  readonly supervision?: SupervisionPolicy
  /**
   * Whether every campaign is watched: changes made elsewhere and drains that end are written down, and
   * drain waits and the guard hear of changes instead of asking. With `CampaignEvents` provided it hears
   * of them at once; without, it lists. Not unless told.
   */
  readonly watching?: boolean
  /** What else is to run once in the whole cluster, for as long as it is there. */
  readonly beside?: ReadonlyArray<Beside>
}

/** Work that never ends, and that one process of the cluster does at a time; another takes it over. */
export interface Beside {
  /** The name under which the cluster's processes agree on who does it. */
  readonly name: string
  readonly run: Effect.Effect<never>
}

const besideSingleton = ({ name, run }: Beside) => Singleton.make(`campaignctl/${name}`, run)

/** The watch with the guard, or the guard alone; drain waits hear what the watch of the cluster hears. */
const supervisionOf = ({ supervision, watching }: Supervising) => {
  if (watching === true) return Layer.provide(watchSingleton(supervision), guardStoreSql)
  return supervision === undefined
    ? Layer.empty
    : Layer.provide(guardSingleton(supervision), guardStoreSql)
}

type Runner = Sharding.Sharding | Runners.Runners | MessageStorage.MessageStorage

/** The engine over a runner: the one writer of each campaign, the workflows of the operations, what fires schedules, the port. */
export const engineOver = <E>(
  runner: Layer.Layer<Runner, E, SqlClient.SqlClient | ShardingConfig.ShardingConfig>,
  config: ShardingConfig.ShardingConfig["Service"],
  options: WriterOptions & Supervising
): Layer.Layer<Operations | Transitions, E | OperationsUnavailable, EnginePorts> => {
  const forgotten = Layer.effectDiscard(Effect.forkScoped(beginForgotten))
  const supervising = supervisionOf(options)
  return Layer.mergeAll(
    layerOperations,
    forgotten,
    layerWorkflows,
    layerScheduler(options),
    supervising,
    ...(options.beside ?? []).map(besideSingleton)
  ).pipe(
    Layer.provide(ClusterWorkflowEngine.layer),
    Layer.provide(layerHeard),
    Layer.provide(watchStoreSql),
    Layer.provideMerge(layerThroughWriter),
    Layer.provide(layerCampaignWriter(options)),
    Layer.provide(haltServices),
    // First of all: what is too late to be started must not be taken up.
    Layer.provide(layerLateStarts),
    Layer.provide(runner),
    Layer.provide(OperationStore.layer),
    Layer.provide(Layer.succeed(ShardingConfig.ShardingConfig, config)),
    // Its polls and statements are no spans; each change is one, in its caller's trace.
    Layer.provide(Layer.succeed(References.TracerEnabled, false))
  )
}
