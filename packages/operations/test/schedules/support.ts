import { Result } from "effect"
import {
  type CronTimes,
  type HolidayLists,
  type Timetable,
  timetableOf
} from "../../src/schedules/index.ts"

/** The timetable of a cron line for a start, or a failure that says what is wrong with it. */
export const startingAt = (when: CronTimes, lists?: HolidayLists): Timetable =>
  Result.getOrThrowWith(
    timetableOf({ when, change: { target: "active" } }, lists),
    (problems) => new Error(JSON.stringify(problems))
  )

export const at = (text: string): number => Date.parse(text)

export const texts = (instants: ReadonlyArray<number>): ReadonlyArray<string> =>
  instants.map((instant) => new Date(instant).toISOString().replace(".000Z", "Z"))

/** Zones of all kinds of clocks: half hours, quarters, two hours, Ramadan, a day that was not, none at all. */
export const zones = [
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Asuncion",
  "America/Havana",
  "America/New_York",
  "America/Nuuk",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Antarctica/Casey",
  "Antarctica/Troll",
  "Asia/Beirut",
  "Asia/Gaza",
  "Asia/Kathmandu",
  "Asia/Tehran",
  "Atlantic/Azores",
  "Australia/Lord_Howe",
  "Europe/Berlin",
  "Europe/Dublin",
  "Europe/London",
  "Pacific/Apia",
  "Pacific/Chatham",
  "UTC"
] as const
