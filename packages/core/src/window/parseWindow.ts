import { Result } from "effect"
import type { Problem } from "../errors/errors.ts"
import type { CallingWindow, WindowSlot, ZoneWindow } from "./CallingWindow.ts"
import { validateWindow } from "./validateWindow.ts"
import { parseWeekdays } from "./weekdayNames.ts"

/** The zone where the text names none. */
const DEFAULT_ZONE = "UTC"
/** A zone's name begins with a letter, or with a sign where it is an offset such as +05:30; hours begin with a digit. */
const ZONE = /^[a-z+-]/i
/** Weekdays, where there are any, up to the first digit; hours from there on. */
const GROUP = /^(?:(\D+?) )?(\d.*)$/
const HOURS = /^(\d\d:\d\d(?::\d\d)?)-(\d\d:\d\d(?::\d\d)?)$/
const EXPECTED_HOURS = "hours such as 09:00-20:00, or Mon-Fri 09:00-13:00,14:00-20:00"

/** What could be read, and what could not: the rest of the text is judged all the same. */
interface Read<A> {
  readonly value: A
  readonly problems: ReadonlyArray<Problem>
}

/**
 * Reads a calling window from its short text.
 *
 * - `09:00-20:00`: every day, UTC
 * - `Mon-Fri 09:00-20:00 Europe/Berlin`
 * - `Mon-Fri 10:00-13:00,14:00-20:00; Sat 10:00-14:00 Europe/Paris except 2026-12-25,2026-12-26`
 * - several zones, all of which must be open, joined by ` & `
 * - `closed Europe/Berlin`: never
 *
 * Fails with every problem at once; a window that is returned has passed `validateWindow`.
 */
export const parseWindow = (text: string): Result.Result<CallingWindow, ReadonlyArray<Problem>> => {
  const [first = "", ...others] = text.split("&")
  const one = readZone(first, 0)
  const more = others.map((zone, index) => readZone(zone, index + 1))
  const window: CallingWindow = { zones: [one.value, ...more.map(({ value }) => value)] }
  const problems = [
    ...[one, ...more].flatMap(({ problems }) => problems),
    ...validateWindow(window)
  ]
  return problems.length > 0 ? Result.fail(problems) : Result.succeed(window)
}

const readZone = (text: string, index: number): Read<ZoneWindow> => {
  const path = `zones[${index}]`
  const [main = "", except, ...more] = tidy(text).split(/ except(?: |$)/)
  const words = main.split(" ")
  const last = words.at(-1) ?? ""
  const named = words.length > 1 && ZONE.test(last)
  const hours = (named ? words.slice(0, -1) : words).join(" ")
  const groups =
    hours === "closed" ? [] : hours.split(";").map((group) => readGroup(group.trim(), path))
  return {
    value: {
      zone: named ? last : DEFAULT_ZONE,
      slots: groups.flatMap(({ value }) => value),
      ...(except === undefined ? {} : { holidays: readDates(except) })
    },
    problems: [
      ...groups.flatMap(({ problems }) => problems),
      ...(more.length > 0 ? [problem(path, "“except” once, and dates after it", text)] : [])
    ]
  }
}

/** One space between words, none beside commas, nor about a dash that has one on either side. */
const tidy = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/ ?, ?/g, ",")
    .replace(/ [-–] /g, "-")

/** Dates as they are written; `validateWindow` looks at each. */
const readDates = (text: string): ReadonlyArray<string> => (text === "none" ? [] : text.split(","))

const readGroup = (text: string, path: string): Read<ReadonlyArray<WindowSlot>> => {
  const [, named, hours] = GROUP.exec(text) ?? []
  if (hours === undefined) return { value: [], problems: [problem(path, EXPECTED_HOURS, text)] }
  const days = named === undefined ? undefined : parseWeekdays(named)
  const strangeDays =
    named !== undefined && days === undefined
      ? [problem(path, "weekdays such as Mon-Fri or Sat,Sun", named)]
      : []
  const parts = hours.split(",")
  const strangeHours = parts
    .filter((part) => !HOURS.test(part))
    .map((part) => problem(path, EXPECTED_HOURS, part))
  const value = parts.flatMap((part) => {
    const [, from, to] = HOURS.exec(part) ?? []
    if (from === undefined || to === undefined) return []
    return [days === undefined ? { from, to } : { days, from, to }]
  })
  return { value, problems: [...strangeDays, ...strangeHours] }
}

const problem = (key: string, expected: string, found: string): Problem => ({
  key,
  expected,
  found: `“${found.trim()}”`
})
