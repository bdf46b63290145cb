import type { WindowSlot, ZoneWindow } from "./CallingWindow.ts"
import { DAY_MS, dayNumber, weekdayIndex } from "./localDate.ts"
import { inRuns } from "./runs.ts"
import { timeOfDayMs } from "./timeOfDay.ts"
import { type ZoneClock, zoneClock } from "./zoneClock.ts"

/** A stretch of a local day in milliseconds from midnight: `from` included, `to` excluded. */
interface Stretch {
  readonly from: number
  readonly to: number
}

/** What holds on one local day. */
interface DayHours {
  /** In order, none touching the next. */
  readonly stretches: ReadonlyArray<Stretch>
  /** The times at which a stretch begins or ends, and the end of the day, in milliseconds from midnight. */
  readonly bounds: ReadonlyArray<number>
}

/** A zone's hours made ready to be asked: its clock, and what holds on each local day. */
export interface ZoneHours {
  readonly clock: ZoneClock
  readonly isHoliday: (day: number) => boolean
  readonly hoursOn: (day: number) => DayHours
  /** Whether any day of the week has hours and any has not, all day: without both nothing ever opens or closes. */
  readonly everChanges: boolean
}

const ready = new WeakMap<ZoneWindow, ZoneHours>()
const CLOSED: DayHours = { stretches: [], bounds: [DAY_MS] }
const WEEK = [0, 1, 2, 3, 4, 5, 6] as const

/** The hours of a zone, or undefined where the zone is not known. Made ready once per window. */
export const zoneHours = (window: ZoneWindow): ZoneHours | undefined => {
  const known = ready.get(window)
  if (known !== undefined) return known
  const clock = zoneClock(window.zone)
  if (clock === undefined) return undefined
  const hours = makeHours(clock, window)
  ready.set(window, hours)
  return hours
}

const makeHours = (clock: ZoneClock, window: ZoneWindow): ZoneHours => {
  const week = WEEK.map((weekday) =>
    dayHours(window.slots.filter((slot) => holdsOn(slot, weekday)))
  )
  const holidays = new Set(window.holidays?.map(dayNumber))
  const isHoliday = (day: number): boolean => holidays.has(day)
  const never = week.every(({ stretches }) => stretches.length === 0)
  const always = holidays.size === 0 && week.every(coversDay)
  return {
    clock,
    isHoliday,
    hoursOn: (day) => (isHoliday(day) ? CLOSED : (week[weekdayIndex(day)] ?? CLOSED)),
    everChanges: !never && !always
  }
}

const holdsOn = ({ days }: WindowSlot, weekday: number): boolean =>
  days === undefined || days.some((day) => day === weekday + 1)

const coversDay = ({ stretches: [first] }: DayHours): boolean =>
  first !== undefined && first.from === 0 && first.to === DAY_MS

/** Slots of one day in order, those that touch or overlap made one; a slot that ends before it begins never holds. */
const dayHours = (slots: ReadonlyArray<WindowSlot>): DayHours => {
  const stretches = inRuns<Stretch, Stretch>(
    slots
      .map(({ from, to }) => ({ from: timeOfDayMs(from), to: timeOfDayMs(to) }))
      .filter(({ from, to }) => from < to)
      .toSorted((a, b) => a.from - b.from),
    (stretch) => stretch,
    (last, next) =>
      next.from <= last.to ? { from: last.from, to: Math.max(last.to, next.to) } : undefined
  )
  const bounds = new Set([...stretches.flatMap(({ from, to }) => [from, to]), DAY_MS])
  return { stretches, bounds: [...bounds] }
}

/** Local milliseconds in the zone at an instant: what its wall clocks show, counted as if they were UTC. */
export const localMsAt = ({ clock }: ZoneHours, atMs: number): number => atMs + clock.offsetAt(atMs)

/** Whether calls may be placed in the zone at an instant. */
export const isOpenAt = (hours: ZoneHours, atMs: number): boolean => {
  const localMs = localMsAt(hours, atMs)
  const day = Math.floor(localMs / DAY_MS)
  const time = localMs - day * DAY_MS
  return hours.hoursOn(day).stretches.some(({ from, to }) => from <= time && time < to)
}

/** The next instant after `atMs` at which the zone may open or close: a bound of a slot, a midnight, or a change of the clocks. */
export const nextBound = (hours: ZoneHours, atMs: number): number => {
  const localMs = localMsAt(hours, atMs)
  const day = Math.floor(localMs / DAY_MS)
  const time = localMs - day * DAY_MS
  // The last bound is the end of the day, which is after any time in it.
  const bound = hours.hoursOn(day).bounds.find((edge) => edge > time) ?? DAY_MS
  const onThisOffset = atMs + (bound - time)
  return hours.clock.offsetChange(atMs, onThisOffset) ?? onThisOffset
}
