import type { CallingWindow } from "./CallingWindow.ts"
import { findEdge, isJudgeable } from "./findEdge.ts"
import { zoneHours } from "./zoneHours.ts"

/**
 * The next instant at which the window opens, in epoch milliseconds: every zone is open then, and
 * one was not a millisecond before. Undefined where there is none within `EDGE_HORIZON_DAYS`, where
 * a zone is not known, or where the instant is no date.
 *
 * For a window that is open at `atMs` this is the opening after the next closing.
 */
export const nextOpening = (window: CallingWindow, atMs: number): number | undefined =>
  nextEdge(window, atMs, true)

/**
 * The next instant at which the window closes, in epoch milliseconds: every zone was open a
 * millisecond before, and one is not any more. Undefined as for `nextOpening`.
 */
export const nextClosing = (window: CallingWindow, atMs: number): number | undefined =>
  nextEdge(window, atMs, false)

const nextEdge = (window: CallingWindow, atMs: number, opens: boolean): number | undefined => {
  const zones = window.zones.map(zoneHours)
  return zones.every((hours) => hours !== undefined) && isJudgeable(atMs)
    ? findEdge(zones, atMs, opens)
    : undefined
}
