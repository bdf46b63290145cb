import { DateTime } from "luxon"
import type { CallingWindow, WindowSlot, ZoneWindow } from "../../src/index.ts"

/** `HH:mm` and `HH:mm:ss` made as long as the oracle's own times, so that text order is time order. */
const padded = (time: string): string => `${time}${":00".repeat(time.length === 5 ? 1 : 0)}.000`

const holdsAt = ({ days, from, to }: WindowSlot, weekday: number, time: string): boolean =>
  (days === undefined || days.some((day) => day === weekday)) &&
  padded(from) <= time &&
  time < padded(to)

/** What luxon says of a zone at an instant, by comparing text. */
const zoneAt = (
  { holidays = [], slots, zone }: ZoneWindow,
  atMs: number
): { readonly open: boolean; readonly localTime: string } => {
  const local = DateTime.fromMillis(atMs, { zone })
  const [date = "", time = ""] = (local.toISO({ includeOffset: false }) ?? "").split("T")
  const { weekday } = local
  return {
    open: !holidays.includes(date) && slots.some((slot) => holdsAt(slot, weekday, time)),
    localTime: `${date} ${time.slice(0, "HH:mm:ss".length)}`
  }
}

/** Whether all zones are open, and the local time `YYYY-MM-DD HH:mm:ss` in each. */
export const oracleJudge = (
  { zones }: CallingWindow,
  atMs: number
): { readonly open: boolean; readonly localTimes: ReadonlyArray<string> } => {
  const all = zones.map((zone) => zoneAt(zone, atMs))
  return {
    open: all.every(({ open }) => open),
    localTimes: all.map(({ localTime }) => localTime)
  }
}

export const oracleOpen = (window: CallingWindow, atMs: number): boolean =>
  window.zones.every((zone) => zoneAt(zone, atMs).open)

/** The instant of a local time by luxon; undefined where it does not exist there. */
export const instantOf = (zone: string, date: string, time: string): number | undefined => {
  const at = DateTime.fromISO(`${date}T${time}`, { zone })
  return at.isValid ? at.toMillis() : undefined
}

const DAY_MS = 86_400_000
/** Days between looks for a change of the clocks: a zone that changes at all keeps an offset longer. */
const STRIDE_DAYS = 20
const FROM = Date.UTC(2016, 0, 1)
const TO = Date.UTC(2031, 0, 1)

const known = new Map<string, ReadonlyArray<number>>()

/**
 * Instants between 2016 and 2031 at which a zone's clocks change. They say where to look, not what
 * is right there, so that the quickest way to find them will do.
 */
export const clockChanges = (zone: string): ReadonlyArray<number> => {
  const before = known.get(zone)
  if (before !== undefined) return before
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" })
  const offset = (at: number): string => format.format(at).split(", ")[1] ?? ""
  const changes: Array<number> = []
  for (let at = FROM; at < TO; at += STRIDE_DAYS * DAY_MS) {
    let [low, high] = [at, at + STRIDE_DAYS * DAY_MS]
    const atFirst = offset(low)
    if (offset(high) === atFirst) continue
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offset(middle) === atFirst) low = middle
      else high = middle
    }
    changes.push(high)
  }
  known.set(zone, changes)
  return changes
}
