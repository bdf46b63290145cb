import { Effect, Layer } from "effect"
import { type Sharding, Singleton } from "effect/cluster"
import type { SqlClient } from "effect/sql"
import { WorkflowEngine } from "effect/workflow"
import type { OperationStore } from "../../database/OperationStore.ts"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import { begin } from "../../engine/workflows.ts"
import type { ScheduleOptions } from "../kept/layerSchedules.ts"
import { ScheduleStore } from "../kept/ScheduleStore.ts"
import { fireForever } from "./fireForever.ts"

/** The name under which the cluster's processes agree on who fires. */
const NAME = "campaignctl/scheduler"

/** Milliseconds to wait until the engine has taken an operation, which must not keep what is due then waiting. */
const BEGIN_MS = 5_000

/**
 * Fires the schedules of a database, in whichever process of the cluster owns them: one at a time, and
 * another takes over where that one ends. On one process alone it is that one.
 *
 * A singleton that asks an index for what is due, once a second and at the nearest instant, and not a
 * stored message with `DeliverAt` for each schedule. The engine reads such a message no sooner than its
 * next look for messages either; it would be one row more to keep in step with its schedule, which is
 * changed and removed; and missed firings are settled together, because a later stop takes the place
 * of an earlier start, where messages would come one by one. What is pending costs no memory here.
 */
export const layerScheduler = ({ holidayLists = {} }: ScheduleOptions = {}): Layer.Layer<
  never,
  OperationsUnavailable,
  Sharding.Sharding | WorkflowEngine.WorkflowEngine | OperationStore | SqlClient.SqlClient
> =>
  Layer.unwrap(
    Effect.map(WorkflowEngine.WorkflowEngine, (engine) =>
      Singleton.make(
        NAME,
        fireForever(holidayLists, ({ id, spec }) =>
          // Where it fails the operation is begun a moment later, as one that was forgotten.
          begin(id, spec._tag).pipe(
            Effect.provideService(WorkflowEngine.WorkflowEngine, engine),
            Effect.timeoutOption(BEGIN_MS),
            Effect.asVoid,
            Effect.catchDefect((defect) =>
              Effect.logWarning(`Operation ${id} could not be begun at once.`, defect)
            )
          )
        )
      )
    )
  ).pipe(Layer.provide(ScheduleStore.layer))
