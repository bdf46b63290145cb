import { EDGE_HORIZON_DAYS, findEdge } from "./findEdge.ts"
import { DAY_MS, dateText, timeText, weekdayIndex } from "./localDate.ts"
import { isOpenAt, localMsAt, type ZoneHours } from "./zoneHours.ts"

const WEEKDAYS = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday"
] as const
/** From here on the name of a weekday could be taken for this week's. */
const NAMED_DAYS = 7

/**
 * How a zone's hours stand, in one clause for a person: "open until 20:00", "closed, opens 09:00",
 * "closed, a holiday, opens Tuesday 09:00", "closed on Sundays, opens Monday 09:00".
 * The times are those of the zone's own clocks.
 */
export const describeHours = (hours: ZoneHours, atMs: number): string => {
  const today = localDay(localMsAt(hours, atMs))
  if (isOpenAt(hours, atMs)) {
    const closes = findEdge([hours], atMs, false)
    if (closes !== undefined) return `open until ${whenEnds(localMsAt(hours, closes), today)}`
    return hours.everChanges ? `open for ${EDGE_HORIZON_DAYS} days at least` : "open at all hours"
  }
  const opens = findEdge([hours], atMs, true)
  const then =
    opens === undefined
      ? `does not open within ${EDGE_HORIZON_DAYS} days`
      : `opens ${whenBegins(localMsAt(hours, opens), today)}`
  return `${whyClosed(hours, today)}, ${then}`
}

const localDay = (localMs: number): number => Math.floor(localMs / DAY_MS)

const whyClosed = (hours: ZoneHours, today: number): string => {
  if (hours.isHoliday(today)) return "closed, a holiday"
  return hours.hoursOn(today).stretches.length === 0 ? `closed on ${weekdayName(today)}s` : "closed"
}

const whenBegins = (localMs: number, today: number): string =>
  onDay(localDay(localMs), timeText(localMs), today)

/** A closing at midnight is the end of the day before, for a person. */
const whenEnds = (localMs: number, today: number): string => {
  const day = localDay(localMs)
  return localMs === day * DAY_MS
    ? onDay(day - 1, "24:00", today)
    : onDay(day, timeText(localMs), today)
}

/** The time alone on the same day, with the weekday within a week, with the date beyond. */
const onDay = (day: number, time: string, today: number): string => {
  if (day === today) return time
  return day > today && day - today < NAMED_DAYS
    ? `${weekdayName(day)} ${time}`
    : `${dateText(day * DAY_MS)} ${time}`
}

const weekdayName = (day: number): string => WEEKDAYS[weekdayIndex(day)] ?? ""
