import { Effect, Option, Schema } from "effect"
import { OperationStore } from "../../database/OperationStore.ts"
import { type FleetSpec, type OperationId, OperationSpec } from "../../domain/Operation.ts"
import { isStart } from "../Schedule.ts"

/** A start that a schedule has submitted, and that is not over. */
export interface OpenStart {
  readonly id: OperationId
  readonly scheduleId: string
  readonly spec: FleetSpec
}

interface Row {
  readonly id: OperationId
  readonly schedule_id: string
  readonly spec: string
}

const decodeSpec = Schema.decodeOption(Schema.fromJsonString(OperationSpec))

/** The starts of schedules that are under way and that nobody has cancelled, the oldest first. */
export const openStarts = Effect.fnUntraced(function* () {
  const { sql } = yield* OperationStore
  const rows = yield* sql<Row>`
    SELECT id, schedule_id, spec FROM operations
    WHERE ${sql.in("status", ["pending", "running", "paused"])} AND schedule_id IS NOT NULL
      AND kind = 'Fleet' AND cancel_requested = 0 ORDER BY id`
  return rows.flatMap(({ id, schedule_id, spec: text }): ReadonlyArray<OpenStart> => {
    const spec = Option.getOrUndefined(decodeSpec(text))
    return spec?._tag === "Fleet" && isStart(spec.change)
      ? [{ id, scheduleId: schedule_id, spec }]
      : []
  })
})
