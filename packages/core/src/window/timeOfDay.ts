/** `HH:mm` or `HH:mm:ss` on a 24-hour clock, in parts; or `24:00`, in none. */
export const TIME_OF_DAY = /^(?:([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00(?::00)?)$/
const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS

/** Milliseconds from local midnight of `HH:mm`, `HH:mm:ss` or `24:00`; NaN for anything else, which no comparison holds for. */
export const timeOfDayMs = (text: string): number => {
  const parts = TIME_OF_DAY.exec(text)
  if (parts === null) return Number.NaN
  const [, hours, minutes, seconds = "0"] = parts
  return hours === undefined
    ? 24 * HOUR_MS
    : Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * SECOND_MS
}
