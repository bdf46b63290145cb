import { Clock, Effect, Layer, Option } from "effect"
import type { SqlClient } from "effect/sql"
import { OperationStore } from "../../database/OperationStore.ts"
import { orUnavailable } from "../../database/unavailable.ts"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import { ScheduleStore } from "../kept/ScheduleStore.ts"
import { DEFAULT_START_GRACE_MS } from "../Schedule.ts"
import { openStarts } from "./openStarts.ts"
import { dueAtOf } from "./operationIdOf.ts"

/** Milliseconds between two signs of life of whoever fires. */
export const SEEN_EVERY_MS = 10_000
/** Milliseconds without one after which nobody was there: more than a takeover takes, whatever the grace. */
const ABSENT_MS = 30_000

/**
 * Where no process was there for longer than a start's grace, cancels what is left of it: what should
 * have been started hours ago is not started, submitted or not. While one was there a start goes on for
 * as long as it takes.
 */
export const cancelLateStarts = Effect.fnUntraced(function* (): Effect.fn.Return<
  void,
  OperationsUnavailable,
  ScheduleStore | OperationStore
> {
  const [schedules, { steer }] = [yield* ScheduleStore, yield* OperationStore]
  const now = yield* Clock.currentTimeMillis
  const seen = yield* orUnavailable(schedules.lastSeen)
  const absentMs = now - (seen ?? now)
  if (absentMs <= ABSENT_MS) return
  for (const { id, scheduleId } of yield* orUnavailable(openStarts())) {
    const kept = yield* orUnavailable(schedules.find(scheduleId))
    const graceMs = Option.match(kept, {
      onSome: ({ kept: { schedule } }) => schedule.startGraceMs ?? DEFAULT_START_GRACE_MS,
      onNone: () => DEFAULT_START_GRACE_MS
    })
    if (absentMs > graceMs && now - dueAtOf(id) > graceMs) yield* steer(id, "cancel")
  }
})

/** Does so before anything that was left is carried on. */
export const layerLateStarts: Layer.Layer<
  never,
  OperationsUnavailable,
  OperationStore | SqlClient.SqlClient
> = Layer.effectDiscard(cancelLateStarts()).pipe(Layer.provide(ScheduleStore.layer))
