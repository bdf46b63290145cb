import fc from "fast-check"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import { parseRetryAfter } from "../../src/index.ts"

const NOW = Date.parse("2026-11-23T12:00:00Z")

// A machine whose own zone is not UTC: a date without a zone must not be read in it.
beforeAll(() => {
  vi.stubEnv("TZ", "America/New_York")
  expect(new Date(NOW).getTimezoneOffset()).toBe(300)
})
afterAll(() => {
  vi.unstubAllEnvs()
})

describe("parseRetryAfter", () => {
  it.each<readonly [string, string | undefined, number | undefined]>([
    ["seconds", "42", 42_000],
    ["seconds among blanks", "  42 ", 42_000],
    ["seconds with zeros before", "007", 7_000],
    ["zero", "0", 0],
    ["a day", "86400", 86_400_000],
    ["huge", "999999999999", 999_999_999_999_000],
    ["huger than a number holds", "9".repeat(400), Number.MAX_SAFE_INTEGER],
    ["a date", "Mon, 23 Nov 2026 12:00:42 GMT", 42_000],
    ["a date of RFC 850", "Monday, 23-Nov-26 12:00:42 GMT", 42_000],
    ["a date of asctime, which is in UTC", "Mon Nov 23 12:00:42 2026", 42_000],
    ["a date without a zone, which is in UTC", "Mon, 23 Nov 2026 12:00:42", 42_000],
    ["the present", "Mon, 23 Nov 2026 12:00:00 GMT", 0],
    ["the past", "Sun, 06 Nov 1994 08:49:37 GMT", 0],
    ["the far future", "Fri, 31 Dec 9999 23:59:59 GMT", Date.parse("9999-12-31T23:59:59Z") - NOW],
    ["nothing", undefined, undefined],
    ["empty", "", undefined],
    ["blank", "   ", undefined],
    ["negative", "-1", undefined],
    ["a sign", "+1", undefined],
    ["a fraction", "1.5", undefined],
    ["an exponent", "1e3", undefined],
    ["hexadecimal", "0x10", undefined],
    ["digits of another script", "４２", undefined],
    ["a unit", "42s", undefined],
    ["two values", "42, 43", undefined],
    ["an ISO date", "2026-11-23T12:00:42Z", undefined],
    ["a weekday", "Monday", undefined],
    ["a weekday and a number", "Mon 5", undefined],
    ["a date that is none", "Mon, 99 Foo 2026 12:00:42 GMT", undefined],
    ["garbage", "soon", undefined]
  ])("takes %s (%s)", (_name, header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected)
  })

  it("is undefined or a finite number of milliseconds from 0, whatever the text and the time", () => {
    const part = fc.constantFrom(
      "Mon",
      ", ",
      "23 Nov 2026",
      " 12:00:42",
      " GMT",
      "-",
      "9",
      ".",
      " "
    )
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: "binary" }),
      fc.array(part).map((parts) => parts.join("")),
      fc.integer().map(String),
      fc.double().map(String),
      fc.date().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString())
    )
    fc.assert(
      fc.property(texts, fc.oneof(fc.constant(NOW), fc.double()), (text, now) => {
        const wait = parseRetryAfter(text, now)
        expect(wait === undefined || (Number.isFinite(wait) && wait >= 0)).toBe(true)
      }),
      { numRuns: 5_000 }
    )
  })

  it("waits until exactly the date that a server writes", () => {
    const seconds = fc.integer({ min: 0, max: 100_000_000 })
    fc.assert(
      fc.property(seconds, (wait) => {
        const header = new Date(NOW + wait * 1_000).toUTCString()
        expect(parseRetryAfter(header, NOW)).toBe(wait * 1_000)
        expect(parseRetryAfter(String(wait), NOW)).toBe(wait * 1_000)
      })
    )
  })
})
