import type { Problem } from "@campaignctl/core"
import { Cron, DateTime, Result } from "effect"

/** A cron line made ready to be asked. */
export interface CronLine {
  /** Holds no zone of its own: it is asked in local time, as if that were UTC. */
  readonly cron: Cron.Cron
  /** Holds in every hour of the day: such a line fires by elapsed time when the clocks change. */
  readonly everyHour: boolean
  /** No date of the calendar matches, such as 31 February. */
  readonly neverFires: boolean
  /** Firings in a minute that has any. */
  readonly perMinute: number
  /** The line for its times of day on every date. */
  readonly daily: string
}

interface Field {
  readonly name: string
  readonly values: string
}

const FIELDS = [
  { name: "second", values: "0 to 59" },
  { name: "minute", values: "0 to 59" },
  { name: "hour", values: "0 to 23" },
  { name: "day", values: "1 to 31" },
  { name: "month", values: "1 to 12 or jan to dec" },
  { name: "weekday", values: "0 to 7 (0 and 7 are Sunday) or sun to sat" }
] as const satisfies ReadonlyArray<Field>

/** An offset and not the zone named UTC, for which each question costs four times as much. */
const AS_IF_UTC = DateTime.zoneMakeOffset(0)
const HOURS_IN_DAY = 24
const SECONDS_IN_MINUTE = 60
/** Days of each month in a leap year. */
const LONGEST_MONTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
/** Lines remembered; a hundred thousand schedules share a few. Each is about 8 KB. */
const REMEMBERED_LINES = 1_000

const lines = new Map<string, CronLine>()

/**
 * Reads a cron line of five fields, or of six with the seconds first: `*`, numbers, names of months
 * and weekdays, ranges, steps and lists. Where both day and weekday are restricted either suffices,
 * unless one begins with `*`, as in Vixie cron. Fails with every field that cannot be read.
 */
export const readCronLine = (text: string): Result.Result<CronLine, ReadonlyArray<Problem>> => {
  const known = lines.get(text)
  if (known !== undefined) return Result.succeed(known)
  return Result.map(makeLine(text), (line) => {
    if (lines.size >= REMEMBERED_LINES) lines.clear()
    lines.set(text, line)
    return line
  })
}

const makeLine = (text: string): Result.Result<CronLine, ReadonlyArray<Problem>> => {
  const given = text.trim().split(/\s+/)
  const fields = given.length === FIELDS.length - 1 ? ["0", ...given] : given
  if (fields.length !== FIELDS.length)
    return Result.fail([
      {
        key: "cron",
        expected: "five fields (minute hour day month weekday), or six with the second first",
        found: `“${text}”`
      }
    ])
  const problems = FIELDS.flatMap((field, index) =>
    fieldProblems(field, index, fields[index] ?? "")
  )
  if (problems.length > 0) return Result.fail(problems)
  const cron = Cron.parseUnsafe(fields.join(" "), AS_IF_UTC)
  return Result.succeed({
    cron,
    everyHour: cron.hours.size === 0 || cron.hours.size === HOURS_IN_DAY,
    neverFires: hasNoDate(cron, fields.slice(3)),
    perMinute: cron.seconds.size === 0 ? SECONDS_IN_MINUTE : cron.seconds.size,
    daily: [...fields.slice(0, 3), "*", "*", "*"].join(" ")
  })
}

/** Each field is tried among wildcards, so that one that cannot be read does not hide the next. */
const fieldProblems = (field: Field, index: number, text: string): ReadonlyArray<Problem> =>
  Result.isSuccess(Cron.parse(FIELDS.map((_, other) => (other === index ? text : "*")).join(" ")))
    ? []
    : [
        {
          key: `cron.${field.name}`,
          expected: `${field.values}, as *, a number, a range 1-5, a step */2 or 1-5/2, or a list of these with commas`,
          found: `“${text}”`
        }
      ]

/** A weekday comes round for every date, 29 February too, so that only days that no month has can fail. */
const hasNoDate = (
  { days, months, weekdays }: Cron.Cron,
  [day = "", , weekday = ""]: ReadonlyArray<string>
): boolean => {
  const eitherSuffices = weekdays.size > 0 && !day.startsWith("*") && !weekday.startsWith("*")
  if (days.size === 0 || eitherSuffices) return false
  const first = Math.min(...days)
  return LONGEST_MONTHS.every(
    (longest, index) => (months.size > 0 && !months.has(index + 1)) || first > longest
  )
}
