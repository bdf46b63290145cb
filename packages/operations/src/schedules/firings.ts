import { DAY_MS, type ZoneClock } from "@campaignctl/core"
import { LAST_MS, nextLocal } from "./nextLocal.ts"
import { type CronTimetable, localDay, type Timetable } from "./Timetable.ts"

/** Firings that one question can list, unless it says otherwise: a page for a person. */
const DEFAULT_FIRINGS = 1_000

/**
 * The next instant after another at which a timetable fires, in epoch milliseconds; undefined where
 * there is none before the year 9999.
 *
 * A line fires at the first instant at which the wall clock of its zone shows the written time or a
 * later one. So a time that is skipped when the clocks go forward fires at the first instant after
 * the gap, together with all others of the gap; one that is shown twice when they go back fires the
 * first time alone. A line that holds in every hour fires whenever the clock shows a matching time:
 * in both passes, and not at the end of a gap for what was skipped.
 */
export const nextFiring = (table: Timetable, afterMs: number): number | undefined => {
  if (table._tag === "Fixed") return table.instants.find((at) => at > afterMs)
  if (Number.isNaN(afterMs) || afterMs > LAST_MS) return undefined
  // Nothing was ever scheduled before 1970.
  const from = Math.max(Math.floor(afterMs), -1)
  return table.line.everyHour ? nextShown(table, from) : nextReached(table, from)
}

/** The firings after `fromMs` up to and including `toMs`, in order; `more` where `limit` cut them off. */
export const firingsBetween = (
  table: Timetable,
  fromMs: number,
  toMs: number,
  limit: number = DEFAULT_FIRINGS
): { readonly firings: ReadonlyArray<number>; readonly more: boolean } => {
  const firings: Array<number> = []
  let at = nextFiring(table, fromMs)
  while (at !== undefined && at <= toMs) {
    if (firings.length === limit) return { firings, more: true }
    firings.push(at)
    at = nextFiring(table, at)
  }
  return { firings, more: false }
}

/** The last firing after `fromMs` up to and including `toMs`. By halving, so that it costs little however many there were. */
export const lastFiring = (table: Timetable, fromMs: number, toMs: number): number | undefined => {
  const isBeforeOne = (at: number): boolean => (nextFiring(table, at) ?? Infinity) <= toMs
  let before = Math.max(Math.floor(fromMs), -1)
  if (!isBeforeOne(before)) return undefined
  let notBefore = Math.floor(toMs)
  while (notBefore - before > 1) {
    const middle = Math.floor((before + notBefore) / 2)
    if (isBeforeOne(middle)) before = middle
    else notBefore = middle
  }
  return nextFiring(table, before)
}

const nextReached = (table: CronTimetable, fromMs: number): number | undefined => {
  let reached = latestShown(table.clock, fromMs)
  for (;;) {
    const local = nextLocal(table, reached)
    if (local === undefined) return undefined
    const at = firstReaching(table.clock, local)
    // The end of a gap may be on another date than the time that it stands for.
    if (!table.silent.has(localDay(shownAt(table.clock, at)))) return at
    reached = latestShown(table.clock, at)
  }
}

const nextShown = (table: CronTimetable, fromMs: number): number | undefined => {
  const { clock } = table
  let since = fromMs
  let offset = clock.offsetAt(since)
  let shown = since + offset
  for (;;) {
    const local = nextLocal(table, shown)
    const at = local === undefined ? undefined : local - offset
    // Without a time to come, one may be repeated still.
    const change = clock.offsetChange(since, at ?? since + LONGEST_CHANGE_MS)
    if (change === undefined) return at
    since = change
    offset = clock.offsetAt(since)
    shown = since + offset - 1
  }
}

/** Clocks have never been set by more than a day, as across the date line. Twice that leaves room for the offsets. */
const LONGEST_CHANGE_MS = 2 * DAY_MS

/** What the wall clock shows, in milliseconds as if it were UTC. */
const shownAt = (clock: ZoneClock, atMs: number): number => atMs + clock.offsetAt(atMs)

/** The latest time that the wall clock has shown up to an instant: later than what it shows after it went back. */
const latestShown = (clock: ZoneClock, atMs: number): number => {
  let latest = shownAt(clock, atMs)
  let change = clock.offsetChange(atMs - LONGEST_CHANGE_MS, atMs)
  while (change !== undefined) {
    latest = Math.max(latest, shownAt(clock, change - 1))
    change = clock.offsetChange(change, atMs)
  }
  return latest
}

/** The first instant at which the wall clock shows a time, or a later one. */
const firstReaching = (clock: ZoneClock, local: number): number => {
  let from = local - LONGEST_CHANGE_MS
  for (;;) {
    const at = local - clock.offsetAt(from)
    const change = clock.offsetChange(from, at)
    if (change === undefined) return at
    if (shownAt(clock, change) >= local) return change
    from = change
  }
}
