import { Schema } from "effect"
import { OperationChange } from "../domain/Operation.ts"
import { Selector } from "../domain/Selector.ts"

/** How late a start may still be made up, in milliseconds: five minutes. Source: the described contract. */
export const DEFAULT_START_GRACE_MS = 300_000
/** The longest grace, in milliseconds: one that is a day late belongs to another day's firing. */
const LONGEST_START_GRACE_MS = 86_400_000
/** Characters of a name, and of a zone's or a holiday list's: a line in a list. */
const NAME_LIMIT = 200
/** Characters of a cron line: each minute of an hour can be written out. */
const CRON_LIMIT = 500
/** Dates or instants in one list: public holidays of some decades. */
const LIST_LIMIT = 1_000

const Name = Schema.NonEmptyString.check(Schema.isMaxLength(NAME_LIMIT))

const LocalDates = Schema.Array(
  Schema.String.check(
    Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/, { expected: "a date of the calendar, YYYY-MM-DD" })
  )
).check(Schema.isMaxLength(LIST_LIMIT))

/** Fires by a cron line on the wall clocks of a zone. Dates are the zone's own, `YYYY-MM-DD`. */
export const CronTimes = Schema.Struct({
  /** Five fields, or six with the seconds first. */
  cron: Schema.NonEmptyString.check(Schema.isMaxLength(CRON_LIMIT)),
  /** IANA name, such as `Europe/Berlin` or `UTC`. */
  zone: Name,
  /** Dates on which it does not fire. */
  except: Schema.optionalKey(LocalDates),
  /** Dates on which it fires at its times of day although the line does not name them, holidays or not. */
  extra: Schema.optionalKey(LocalDates),
  /**
   * Dates, or names of holiday lists, on which calls are not placed: a start does not fire, as a
   * calling window is closed on them. A stop fires all the same.
   */
  holidays: Schema.optionalKey(Schema.Array(Name).check(Schema.isMaxLength(LIST_LIMIT)))
})
export type CronTimes = typeof CronTimes.Type

/** Fires at instants: ISO 8601 with `Z` or an offset, such as `2026-12-24T18:00:00+01:00`. */
export const FixedTimes = Schema.Struct({
  at: Schema.NonEmptyArray(Schema.NonEmptyString).check(Schema.isMaxLength(LIST_LIMIT))
})
export type FixedTimes = typeof FixedTimes.Type

export const ScheduleTimes = Schema.Union([CronTimes, FixedTimes])
export type ScheduleTimes = typeof ScheduleTimes.Type

/** What a schedule is made from, whichever way its times are told. */
export const draftFields = {
  name: Name,
  selector: Selector,
  change: OperationChange,
  /** How late a missed start may still be made up, in milliseconds. */
  startGraceMs: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: LONGEST_START_GRACE_MS }))
  ),
  enabled: Schema.optionalKey(Schema.Boolean)
}

/** A schedule as somebody asks for it. Enabled, and with a grace of five minutes, unless it says otherwise. */
export const ScheduleDraft = Schema.Struct({ ...draftFields, when: ScheduleTimes })
export type ScheduleDraft = typeof ScheduleDraft.Type

/** What is done to which campaigns at what times. Each firing is decided afresh, with all guards. */
export const Schedule = Schema.Struct({
  ...draftFields,
  when: ScheduleTimes,
  id: Name,
  enabled: Schema.Boolean,
  createdBy: Schema.NonEmptyString,
  /** ISO 8601 in UTC, milliseconds. A firing at or before it is none. */
  createdAt: Schema.String.check(
    Schema.isPattern(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, {
      expected: "an instant in UTC with milliseconds"
    })
  )
})
export type Schedule = typeof Schedule.Type

/** Whether a change starts dialling; every other one stops it. */
export const isStart = ({ target }: Pick<OperationChange, "target">): boolean => target === "active"
