import { Option, Schema } from "effect"
import type { Integer } from "../../database/rows.ts"
import { Schedule } from "../Schedule.ts"

/** A schedule as it is kept. Instants are epoch milliseconds. */
export interface KeptSchedule {
  readonly schedule: Schedule
  /** The declarative file that it comes from; null where it was added by hand. */
  readonly managedBy: string | null
  /** The divisions to which whoever added it is bound; null: all. */
  readonly divisionIds: ReadonlyArray<string> | null
  /** Up to when its firings are settled; it changes with each plan that it was a part of. */
  readonly handledUntil: number
  /** Its newest firing that is settled, carried out or not; null before the first. */
  readonly lastDue: number | null
  /** When it is to be looked at next; null where it will not fire again. */
  readonly nextAt: number | null
  /** What `nextAt` was computed from beside the schedule itself; see `basisOf`. */
  readonly basis: string
  /** Why its times cannot be told; null where they can. */
  readonly problem: string | null
}

/** A row of `schedules`. */
export interface ScheduleRow {
  readonly id: string
  readonly body: string
  readonly managed_by: string | null
  readonly division_ids: string | null
  readonly handled_until: Integer
  readonly last_due: Integer | null
  readonly next_at: Integer | null
  readonly basis: string
  readonly problem: string | null
}

const ScheduleText = Schema.fromJsonString(Schedule)
export const encodeSchedule = Schema.encodeSync(ScheduleText)
const decodeSchedule = Schema.decodeOption(ScheduleText)
const decodeDivisions = Schema.decodeOption(Schema.fromJsonString(Schema.Array(Schema.String)))

const numberOrNull = (value: Integer | null): number | null =>
  value === null ? null : Number(value)

/** None where another version of the product wrote it, and this one cannot read it. */
export const keptOf = (row: ScheduleRow): Option.Option<KeptSchedule> =>
  Option.all({
    schedule: decodeSchedule(row.body),
    divisionIds: row.division_ids === null ? Option.some(null) : decodeDivisions(row.division_ids)
  }).pipe(
    Option.map((read) => ({
      ...read,
      managedBy: row.managed_by,
      handledUntil: Number(row.handled_until),
      lastDue: numberOrNull(row.last_due),
      nextAt: numberOrNull(row.next_at),
      basis: row.basis,
      problem: row.problem
    }))
  )
