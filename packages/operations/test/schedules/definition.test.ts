import fc from "fast-check"
import { describe, expect, inject, it } from "vitest"
import { firingsBetween } from "../../src/schedules/index.ts"
import { anyMinuteLine, clockChanges, type GeneratedLine, zoneAndInstant } from "./arbitraries.ts"
import { startingAt, texts } from "./support.ts"

const LINES = 300 * inject("scale")
const MINUTE_MS = 60_000
const HOUR_MINUTES = 60
const DAY_MINUTES = 24 * HOUR_MINUTES
/** Clocks of the zones have gone back by three hours at most since 2005. */
const BEFORE = 4 * HOUR_MINUTES
/** Long enough for the day that Samoa left out, and some hours of the next. */
const AFTER = 30 * HOUR_MINUTES

/** Dates, `YYYY-MM-DD`, by what they do. */
interface Dates {
  readonly except: ReadonlyArray<string>
  readonly extra: ReadonlyArray<string>
  readonly holidays: ReadonlyArray<string>
}

/** What the wall clock of a zone shows at an instant, in whole minutes as if it were UTC. */
const wallClock = (zone: string): ((at: number) => number) => {
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "short"
  })
  return (at) => Date.parse(`${format.format(at).replace(" ", "T")}Z`) / MINUTE_MS
}

const dateOf = (minute: number): string =>
  new Date(Math.floor(minute / DAY_MINUTES) * DAY_MINUTES * MINUTE_MS).toISOString().slice(0, 10)

/** Whether the line and the dates name a local minute, field by field. */
const names = (line: GeneratedLine, dates: Dates, minute: number): boolean => {
  const local = new Date(minute * MINUTE_MS)
  if (!line.minutes.includes(local.getUTCMinutes())) return false
  if (!line.hours.includes(local.getUTCHours())) return false
  if (isSilent(dates, minute)) return false
  if (dates.extra.includes(dateOf(minute))) return true
  const day = line.days.includes(local.getUTCDate())
  const weekday = line.weekdays.includes(local.getUTCDay())
  return (
    line.months.includes(local.getUTCMonth() + 1) &&
    (line.bothDays ? day && weekday : day || weekday)
  )
}

const isSilent = ({ except, extra, holidays }: Dates, minute: number): boolean => {
  const date = dateOf(minute)
  return except.includes(date) || (holidays.includes(date) && !extra.includes(date))
}

/** The firings in the minutes after an instant, by looking at the clock in each of them. */
const walk = (
  line: GeneratedLine,
  zone: string,
  dates: Dates,
  after: number
): ReadonlyArray<number> => {
  const shows = wallClock(zone)
  const everyHour = line.hours.length === 24
  const start = Math.floor(after / MINUTE_MS) * MINUTE_MS
  const firings: Array<number> = []
  let latest = shows(start - BEFORE * MINUTE_MS)
  for (let step = 1 - BEFORE; step <= AFTER; step++) {
    const at = start + step * MINUTE_MS
    const shown = shows(at)
    const reached = Array.from({ length: Math.max(0, shown - latest) }, (_, index) => shown - index)
    latest = Math.max(latest, shown)
    const due = everyHour
      ? names(line, dates, shown)
      : reached.some((minute) => names(line, dates, minute)) && !isSilent(dates, shown)
    if (step > 0 && due) firings.push(at)
  }
  return firings
}

const someDates = fc.array(fc.integer({ min: -1, max: 2 }), { maxLength: 2 })

describe("firingsBetween", () => {
  it("lists what somebody who looks at the clock every minute would do, on all kinds of dates", () => {
    let fired = 0
    let atChanges = 0
    fc.assert(
      fc.property(
        anyMinuteLine,
        zoneAndInstant,
        fc.record({ except: someDates, extra: someDates, holidays: someDates }),
        (line, { after, zone }, offsets) => {
          const today = wallClock(zone)(after)
          const on = (days: ReadonlyArray<number>): ReadonlyArray<string> =>
            days.map((day) => dateOf(today + day * DAY_MINUTES))
          const except = on(offsets.except)
          const extra = on(offsets.extra).filter((date) => !except.includes(date))
          const dates = { except, extra, holidays: on(offsets.holidays) }
          // A line without a date is refused, unless it has extra dates.
          fc.pre(line.days.some((day) => day <= 29) || extra.length > 0)
          const table = startingAt({ cron: line.cron, zone, ...dates })
          const from = Math.floor(after / MINUTE_MS) * MINUTE_MS
          const to = from + AFTER * MINUTE_MS
          const { firings } = firingsBetween(table, from, to, Infinity)
          const expected = walk(line, zone, dates, after)
          expect(texts(firings)).toEqual(texts(expected))
          fired += firings.length
          if (clockChanges(zone).some((change) => change > from && change <= to)) atChanges++
        }
      ),
      { numRuns: LINES }
    )
    expect(fired).toBeGreaterThan(LINES)
    expect(atChanges).toBeGreaterThan(LINES / 5)
  })
})
