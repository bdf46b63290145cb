import { Weekday } from "./CallingWindow.ts"
import { inRuns } from "./runs.ts"

const NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const
/** A short or a whole English name of a weekday, in any case. */
const NAME =
  /^(?:(mon)(?:day)?|(tue)(?:sday)?|(wed)(?:nesday)?|(thu)(?:rsday)?|(fri)(?:day)?|(sat)(?:urday)?|(sun)(?:day)?)$/i

const weekdayOf = (name: string): Weekday | undefined => {
  const found =
    NAME.exec(name)
      ?.slice(1)
      .findIndex((part) => part !== undefined) ?? -1
  return Weekday.literals[found]
}

/**
 * Weekdays from text such as `Mon-Fri`, `Sat,Sun` or `Fri-Mon`; undefined where a name is none of a
 * weekday. A range that ends before it begins goes over the weekend.
 */
export const parseWeekdays = (text: string): ReadonlyArray<Weekday> | undefined => {
  const days = text.split(",").map(parseRange)
  return days.every((range) => range !== undefined) ? days.flat() : undefined
}

const parseRange = (text: string): ReadonlyArray<Weekday> | undefined => {
  const ends = text.split("-").map(weekdayOf)
  const [first, last = first] = ends
  if (first === undefined || last === undefined || ends.includes(undefined) || ends.length > 2)
    return undefined
  return first <= last ? between(first, last) : [...between(first, 7), ...between(1, last)]
}

const between = (first: Weekday, last: Weekday): ReadonlyArray<Weekday> =>
  Weekday.literals.slice(first - 1, last)

/** The short text of weekdays, in the order given: `Mon-Fri`, `Sat,Sun`. */
export const printWeekdays = (days: ReadonlyArray<Weekday>): string =>
  inRuns<Weekday, readonly [first: Weekday, last: Weekday]>(
    days,
    (day) => [day, day],
    ([first, last], day) => (last + 1 === day ? [first, day] : undefined)
  )
    .map(([first, last]) => (first === last ? nameOf(first) : `${nameOf(first)}-${nameOf(last)}`))
    .join(",")

const nameOf = (day: Weekday): string => NAMES[day - 1] ?? ""
