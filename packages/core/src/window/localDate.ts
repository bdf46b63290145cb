/** Milliseconds in a day of 24 hours, which is what a local date is on the calendar. */
export const DAY_MS = 86_400_000
const DAYS_IN_WEEK = 7
/** 1 January 1970 was a Thursday: three days after a Monday. */
const WEEKDAY_OF_DAY_ZERO = 3

const ISO_DATE = /^(\d{4})-(\d{2})-(\d{2})$/

/**
 * The number of a calendar date, counted in days from 1970-01-01; undefined where the text is no
 * date of the calendar, such as 2026-02-30.
 */
export const dayNumber = (date: string): number | undefined => {
  const parts = ISO_DATE.exec(date)
  if (parts === null) return undefined
  const at = Date.UTC(0, Number(parts[2]) - 1, Number(parts[3]))
  // Date.UTC takes the years 0 to 99 for 1900 to 1999, so the year is set apart.
  const whole = new Date(at).setUTCFullYear(
    Number(parts[1]),
    Number(parts[2]) - 1,
    Number(parts[3])
  )
  return dateText(whole) === date ? whole / DAY_MS : undefined
}

/** The weekday of a day number: 0 is Monday, 6 is Sunday. */
export const weekdayIndex = (day: number): number => {
  const index = (day + WEEKDAY_OF_DAY_ZERO) % DAYS_IN_WEEK
  return index < 0 ? index + DAYS_IN_WEEK : index
}

/** `YYYY-MM-DD` of local milliseconds. */
export const dateText = (localMs: number): string =>
  isoText(localMs).slice(0, -"THH:mm:ss.sssZ".length)

/** `YYYY-MM-DD HH:mm:ss` of local milliseconds. */
export const dateTimeText = (localMs: number): string =>
  isoText(localMs).slice(0, -".sssZ".length).replace("T", " ")

/** `HH:mm`, or `HH:mm:ss` where there are seconds, of local milliseconds. */
export const timeText = (localMs: number): string => {
  const time = isoText(localMs).slice(-"HH:mm:ss.sssZ".length, -".sssZ".length)
  return time.endsWith(":00") ? time.slice(0, -":00".length) : time
}

const isoText = (localMs: number): string => new Date(localMs).toISOString()
