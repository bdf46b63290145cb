import { DAY_MS } from "./localDate.ts"

/** What the clocks of one zone show. */
export interface ZoneClock {
  /** Milliseconds that local time is ahead of UTC at an instant. */
  readonly offsetAt: (atMs: number) => number
  /** The first instant in (`fromMs`, `toMs`] at which the clocks are set. */
  readonly offsetChange: (fromMs: number, toMs: number) => number | undefined
}

/**
 * Time is looked at in strides of four days, each of which holds one change of the clocks at most.
 * The shortest time between two since 1970 is seven days: north-east Brazil in October 2000.
 * Source: a walk through all zones of tzdata 2026c.
 */
const STRIDE_MS = 4 * DAY_MS
/** Strides remembered per zone: twenty years, more than any search looks at, well below 100 KB. */
const REMEMBERED_STRIDES = 2_000
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
  // The offset just before each stride, and the instant of the change within each that has one.
  const offsetBefore = remembered((stride) => readOffset(format, stride * STRIDE_MS - 1))
  const changeIn = remembered((stride) => findChange(format, stride))
  const change = (stride: number): number | undefined =>
    offsetBefore(stride) === offsetBefore(stride + 1) ? undefined : changeIn(stride)
  return {
    offsetAt: (atMs) => {
      const stride = Math.floor(atMs / STRIDE_MS)
      const changesAt = change(stride)
      return offsetBefore(changesAt !== undefined && atMs >= changesAt ? stride + 1 : stride)
    },
    offsetChange: (fromMs, toMs) => {
      const last = Math.floor(toMs / STRIDE_MS)
      for (let stride = Math.floor(fromMs / STRIDE_MS); stride <= last; stride++) {
        const changesAt = change(stride)
        if (changesAt !== undefined && changesAt > fromMs && changesAt <= toMs) return changesAt
      }
      return undefined
    }
  }
}

/** The function, with its answers kept; all are forgotten when they become too many. */
const remembered = (ask: (stride: number) => number): ((stride: number) => number) => {
  const answers = new Map<number, number>()
  return (stride) => {
    const known = answers.get(stride)
    if (known !== undefined) return known
    if (answers.size >= REMEMBERED_STRIDES) answers.clear()
    const answer = ask(stride)
    answers.set(stride, answer)
    return answer
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
 * The first instant in a stride at which the offset is not the one just before it, by halving.
 * Asked only of strides that have one.
 */
const findChange = (format: Intl.DateTimeFormat, stride: number): number => {
  let low = stride * STRIDE_MS - 1
  let high = low + STRIDE_MS
  const before = readOffset(format, low)
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (readOffset(format, middle) === before) low = middle
    else high = middle
  }
  return high
}

const OFFSET = /GMT(?:([+-])(\d{2}):(\d{2})(?::(\d{2}))?)?$/

const readOffset = (format: Intl.DateTimeFormat, atMs: number): number => {
  const [, sign, hours = "0", minutes = "0", seconds = "0"] = OFFSET.exec(format.format(atMs)) ?? []
  const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
  return sign === "-" ? -size : size
}
