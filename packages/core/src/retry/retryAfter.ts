/** Digits alone, as RFC 9110 has it. */
const SECONDS = /^\d+$/
/** A weekday first and a time of day later, as all three date forms of RFC 9110 have them: `Date.parse` takes far more for a date. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .*\d\d:\d\d:\d\d/
/** All three forms are in UTC, and one does not say so; without it `Date.parse` would take the machine's own zone. */
const WITH_ZONE = /(?:GMT|UTC|[+-]\d{4})$/
/** The longest wait that is told apart from a longer one, in milliseconds: some 285,000 years. */
const LONGEST_MS = Number.MAX_SAFE_INTEGER

/**
 * The wait that a `Retry-After` header asks for, in milliseconds; undefined where it asks for nothing
 * that can be understood, so that the back-off alone decides.
 *
 * Seconds are taken whole, however many: more than a run may wait ends it, which is what Genesys
 * asked for. A date in the past means now. Zero means now. Negative numbers, fractions and garbage
 * are no wait at all.
 */
export const parseRetryAfter = (header: string | undefined, nowMs: number): number | undefined => {
  const value = header?.trim()
  if (value === undefined || value === "") return undefined
  if (SECONDS.test(value)) return Math.min(Number(value) * 1_000, LONGEST_MS)
  if (!HTTP_DATE.test(value)) return undefined
  const wait = Date.parse(WITH_ZONE.test(value) ? value : `${value} GMT`) - nowMs
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(0, wait), LONGEST_MS)
}
