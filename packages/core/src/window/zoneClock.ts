import { DAY_MS } from "./localDate.ts"

/** What the clocks of one zone show. */
export interface ZoneClock {
  /** Milliseconds that local time is ahead of UTC at an instant. */
  readonly offsetAt: (atMs: number) => number
  /** The first instant in (`fromMs`, `toMs`] at which the offset is another than at `fromMs`; at most a day is searched. */
  readonly offsetChange: (fromMs: number, toMs: number) => number | undefined
}

/** The offsets of one UTC day: `before` until `changesAt`, `after` from then on. */
interface DayOffsets {
  readonly before: number
  readonly after: number
  readonly changesAt: number
}

/** Days remembered per zone: five years, more than any search looks at, some 100 KB. */
const REMEMBERED_DAYS = 2_000
/** Zones remembered: more than twice as many as there are. A name from outside must not fill the memory. */
const REMEMBERED_ZONES = 1_000

const clocks = new Map<string, ZoneClock | undefined>()

/**
 * The clock of an IANA zone, or undefined where no such zone is known. Made once per zone, because
 * making a formatter costs a hundred times as much as using it.
 */
export const zoneClock = (zone: string): ZoneClock | undefined => {
  if (clocks.has(zone)) return clocks.get(zone)
  if (clocks.size >= REMEMBERED_ZONES) clocks.clear()
  const clock = makeClock(zone)
  clocks.set(zone, clock)
  return clock
}

const makeClock = (zone: string): ZoneClock | undefined => {
  const format = formatter(zone)
  if (format === undefined) return undefined
  const days = new Map<number, DayOffsets>()
  const offsetsOf = (day: number): DayOffsets => {
    const known = days.get(day)
    if (known !== undefined) return known
    if (days.size >= REMEMBERED_DAYS) days.clear()
    const offsets = readDay(format, day)
    days.set(day, offsets)
    return offsets
  }
  const offsetAt = (atMs: number): number => {
    const { after, before, changesAt } = offsetsOf(Math.floor(atMs / DAY_MS))
    return atMs < changesAt ? before : after
  }
  return {
    offsetAt,
    offsetChange: (fromMs, toMs) => {
      const first = Math.floor(fromMs / DAY_MS)
      const last = Math.floor(toMs / DAY_MS)
      for (let day = first; day <= last; day++) {
        const { after, before, changesAt } = offsetsOf(day)
        if (after !== before && changesAt > fromMs && changesAt <= toMs) return changesAt
      }
      return undefined
    }
  }
}

const formatter = (zone: string): Intl.DateTimeFormat | undefined => {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
  } catch {
    // Intl knows no other way to say that it does not know a zone.
    return undefined
  }
}

/**
 * The offsets of a day; the instant of a change is found by halving. No zone has changed twice
 * within a UTC day since zones are kept. The day is looked at from one millisecond before it, so
 * that a change at its very start belongs to it.
 */
const readDay = (format: Intl.DateTimeFormat, day: number): DayOffsets => {
  let low = day * DAY_MS - 1
  let high = low + DAY_MS
  const before = readOffset(format, low)
  const after = readOffset(format, high)
  if (before === after) return { before, after, changesAt: high }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (readOffset(format, middle) === before) low = middle
    else high = middle
  }
  return { before, after, changesAt: high }
}

const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/

const readOffset = (format: Intl.DateTimeFormat, atMs: number): number => {
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = OFFSET.exec(format.format(atMs)) ?? []
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  return sign === "-" ? -size : size
}
