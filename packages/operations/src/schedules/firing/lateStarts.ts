import { Clock, Effect, Layer, Option, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { OperationStore } from "../../database/OperationStore.ts"
import { orUnavailable } from "../../database/unavailable.ts"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import { type OperationId, OperationSpec } from "../../domain/Operation.ts"
import { ScheduleStore } from "../kept/ScheduleStore.ts"
import { DEFAULT_START_GRACE_MS, isStart } from "../Schedule.ts"
import { dueAtOf } from "./operationIdOf.ts"

/** Milliseconds between two signs of life of whoever fires. */
export const SEEN_EVERY_MS = 10_000
/** Milliseconds without one after which nobody was there: more than a takeover takes, whatever the grace. */
const ABSENT_MS = 30_000

interface Row {
  readonly id: OperationId
  readonly schedule_id: string
  readonly spec: string
}

const decodeSpec = Schema.decodeOption(Schema.fromJsonString(OperationSpec))

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
  const [schedules, { sql, steer }] = [yield* ScheduleStore, yield* OperationStore]
  const now = yield* Clock.currentTimeMillis
  const seen = yield* orUnavailable(schedules.lastSeen)
  const absentMs = now - (seen ?? now)
  if (absentMs <= ABSENT_MS) return
  const open = yield* orUnavailable(sql<Row>`
    SELECT id, schedule_id, spec FROM operations
    WHERE ${sql.in("status", ["pending", "running", "paused"])} AND schedule_id IS NOT NULL
      AND kind = 'Fleet' AND cancel_requested = 0 ORDER BY id`)
  for (const { id, schedule_id, spec: text } of open) {
    const spec = Option.getOrUndefined(decodeSpec(text))
    if (spec?._tag !== "Fleet" || !isStart(spec.change)) continue
    const kept = yield* orUnavailable(schedules.find(schedule_id))
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
