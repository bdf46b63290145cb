import { DAY_MS, dayNumber, type Problem, type ZoneClock, zoneClock } from "@campaignctl/core"
import { Result } from "effect"
import { type CronLine, readCronLine } from "./cronLine.ts"
import { type CronTimes, type FixedTimes, isStart, type ScheduleDraft } from "./Schedule.ts"

/** The times of a schedule made ready to be asked. */
export type Timetable = CronTimetable | FixedTimetable

export interface CronTimetable {
  readonly _tag: "Cron"
  readonly line: CronLine
  /** For the extra dates; absent where there are none. */
  readonly daily?: CronLine
  readonly clock: ZoneClock
  /** Local dates, counted in days from 1970-01-01, on which it does not fire. */
  readonly silent: ReadonlySet<number>
  /** Local dates on which it fires at its times of day, in order; none of them silent. */
  readonly extra: ReadonlyArray<number>
}

export interface FixedTimetable {
  readonly _tag: "Fixed"
  /** Epoch milliseconds, in order, each once. */
  readonly instants: ReadonlyArray<number>
}

/** Dates `YYYY-MM-DD` by the name under which schedules refer to them. */
export type HolidayLists = Readonly<Record<string, ReadonlyArray<string>>>

/** What a timetable is made from. */
export type Timed = Pick<ScheduleDraft, "when" | "change">

/**
 * Makes the times of a schedule ready to be asked.
 *
 * Fails with everything that keeps them from being used, each with its path. That may come later
 * than the schedule itself: a holiday list can be taken out of a configuration. A stop does not ask
 * for its holidays, so that nothing about them can keep it from firing.
 */
export const timetableOf = (
  { change, when }: Timed,
  lists: HolidayLists = {}
): Result.Result<Timetable, ReadonlyArray<Problem>> =>
  "cron" in when ? cronTimetable(when, isStart(change) ? lists : undefined) : fixedTimetable(when)

const cronTimetable = (
  when: CronTimes,
  lists: HolidayLists | undefined
): Result.Result<CronTimetable, ReadonlyArray<Problem>> => {
  const line = readCronLine(when.cron)
  const clock = zoneClock(when.zone)
  const except = readDates("when.except", when.except ?? [])
  const extra = readDates("when.extra", when.extra ?? [])
  const holidays = lists === undefined ? NO_DATES : readHolidays(when.holidays ?? [], lists)
  const excepted = new Set(except.days)
  const problems = [
    ...(Result.isFailure(line) ? line.failure.map(under("when")) : []),
    ...(clock === undefined
      ? [
          {
            key: "when.zone",
            expected: "an IANA time zone such as Europe/Berlin",
            found: quoted(when.zone)
          }
        ]
      : []),
    ...except.problems,
    ...extra.problems,
    ...(when.extra ?? []).flatMap((date, index) =>
      excepted.has(dayNumber(date) ?? Number.NaN)
        ? [
            {
              key: `when.extra[${index}]`,
              expected: "a date that is not excepted",
              found: quoted(date)
            }
          ]
        : []
    ),
    ...holidays.problems,
    ...(Result.isSuccess(line) && line.success.neverFires && extra.days.length === 0
      ? [
          {
            key: "when.cron",
            expected: "a line that some date of the calendar matches",
            found: `${quoted(when.cron)}, which never fires`
          }
        ]
      : [])
  ]
  if (Result.isFailure(line) || clock === undefined || problems.length > 0)
    return Result.fail(problems)
  const wanted = new Set(extra.days)
  const silent = new Set([...except.days, ...holidays.days.filter((day) => !wanted.has(day))])
  const table = { _tag: "Cron", line: line.success, clock, silent } as const
  if (wanted.size === 0) return Result.succeed({ ...table, extra: [] })
  return Result.map(readCronLine(line.success.daily), (daily) => ({
    ...table,
    daily,
    extra: [...wanted].toSorted((a, b) => a - b)
  }))
}

interface ReadDates {
  readonly days: ReadonlyArray<number>
  readonly problems: ReadonlyArray<Problem>
}

const NO_DATES: ReadDates = { days: [], problems: [] }

const readDates = (key: string, dates: ReadonlyArray<string>): ReadDates =>
  allOf(
    dates.map((date, index) => {
      const day = dayNumber(date)
      return day === undefined
        ? refused(`${key}[${index}]`, "a date of the calendar, YYYY-MM-DD", date)
        : { days: [day], problems: [] }
    })
  )

/** Begins as a date does, so that a misspelt date is not taken for the name of a list. */
const DATE_LIKE = /^\d{4}-/

const readHolidays = (holidays: ReadonlyArray<string>, lists: HolidayLists): ReadDates =>
  allOf(
    holidays.map((holiday, index) => {
      const key = `when.holidays[${index}]`
      if (DATE_LIKE.test(holiday)) {
        const day = dayNumber(holiday)
        return day === undefined
          ? refused(key, "a date of the calendar, YYYY-MM-DD", holiday)
          : { days: [day], problems: [] }
      }
      const list = Object.hasOwn(lists, holiday) ? lists[holiday] : undefined
      const names = Object.keys(lists)
      return list === undefined
        ? refused(
            key,
            `a date YYYY-MM-DD or the name of a holiday list${names.length === 0 ? "; there are none" : ` (${names.join(", ")})`}`,
            holiday
          )
        : readDates(`holiday list ${holiday}`, list)
    })
  )

const allOf = (parts: ReadonlyArray<ReadDates>): ReadDates => ({
  days: parts.flatMap(({ days }) => days),
  problems: parts.flatMap(({ problems }) => problems)
})

const refused = (key: string, expected: string, found: string): ReadDates => ({
  days: [],
  problems: [{ key, expected, found: quoted(found) }]
})

const INSTANT = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/

const fixedTimetable = ({
  at
}: FixedTimes): Result.Result<FixedTimetable, ReadonlyArray<Problem>> => {
  const instants = at.map(instantOf)
  const problems = at.flatMap((text, index) =>
    instants[index] === undefined
      ? [
          {
            key: `when.at[${index}]`,
            expected: "an instant such as 2026-12-24T18:00:00+01:00, with Z or an offset",
            found: quoted(text)
          }
        ]
      : []
  )
  return problems.length > 0
    ? Result.fail(problems)
    : Result.succeed({
        _tag: "Fixed",
        instants: [...new Set(instants.filter((instant) => instant !== undefined))].toSorted(
          (a, b) => a - b
        )
      })
}

/** Undefined for anything that is no instant; the date is judged apart, because 30 February would be read as 2 March. */
const instantOf = (text: string): number | undefined => {
  const date = INSTANT.exec(text)?.[1]
  const at = Date.parse(text)
  return date === undefined || dayNumber(date) === undefined || Number.isNaN(at) ? undefined : at
}

/** The local date of local milliseconds, counted in days from 1970-01-01. */
export const localDay = (localMs: number): number => Math.floor(localMs / DAY_MS)

const under =
  (parent: string) =>
  (problem: Problem): Problem => ({ ...problem, key: `${parent}.${problem.key}` })

const quoted = (text: string): string => `“${text}”`
