/** Digits alone, as RFC 9110 has it; more than twelve would be longer than thirty thousand years. */
const SECONDS = /^\d{1,12}$/
/** An RFC 9110 HTTP date names its weekday; this keeps `Date.parse` from reading numbers and ISO dates as one. */
const HTTP_DATE = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /

/**
 * The wait that a `Retry-After` header asks for, in milliseconds; undefined where it asks for nothing
 * that can be understood, so that the back-off alone decides.
 *
 * Seconds are taken whole. A date in the past means now. Zero means now. Negative numbers,
 * fractions and garbage are no wait at all.
 */
export const parseRetryAfter = (header: string | undefined, nowMs: number): number | undefined => {
  const value = header?.trim()
  if (value === undefined || value === "") return undefined
  if (SECONDS.test(value)) return Number(value) * 1_000
  if (!HTTP_DATE.test(value)) return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
