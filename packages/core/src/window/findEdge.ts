import { DAY_MS } from "./localDate.ts"
import { isOpenAt, nextBound, type ZoneHours } from "./zoneHours.ts"

/**
 * Days searched for the next opening or closing: longer than any row of holidays, and short enough
 * that a search in vain, such as for two zones that are never open at once, costs half a millisecond.
 */
export const EDGE_HORIZON_DAYS = 60
/** The furthest instant that a JavaScript date can hold, in milliseconds either side of 1970. Source: ECMA-262, time range. */
const TIME_RANGE_MS = 8.64e15
/** Beyond this a search or a local time could leave the range of dates. */
const LAST_JUDGEABLE_MS = TIME_RANGE_MS - (EDGE_HORIZON_DAYS + 2) * DAY_MS

/** Whether an instant is a number that a window can be judged at. */
export const isJudgeable = (atMs: number): boolean => Math.abs(atMs) <= LAST_JUDGEABLE_MS

/**
 * The next instant at which all zones together open, or cease to be all open. Steps from bound to
 * bound of any zone's hours: between two of them nothing changes.
 */
export const findEdge = (
  zones: ReadonlyArray<ZoneHours>,
  atMs: number,
  opens: boolean
): number | undefined => {
  const changing = zones.filter(({ everChanges }) => everChanges)
  const constant = zones.filter(({ everChanges }) => !everChanges)
  // A zone that is never open keeps them all from being so.
  if (changing.length === 0 || !constant.every((hours) => isOpenAt(hours, atMs))) return undefined
  const allOpen = (at: number): boolean => changing.every((hours) => isOpenAt(hours, at))
  const end = atMs + EDGE_HORIZON_DAYS * DAY_MS
  let at = Math.floor(atMs)
  let open = allOpen(at)
  for (;;) {
    const from = at
    at = Math.min(...changing.map((hours) => nextBound(hours, from)))
    if (at > end) return undefined
    const openThen = allOpen(at)
    if (openThen !== open && openThen === opens) return at
    open = openThen
  }
}
