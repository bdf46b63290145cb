import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { durationText, LONGEST_DURATION_MS, parseDuration } from "../src/arguments/duration.ts"

const part = (most: number) => fc.option(fc.integer({ min: 0, max: most }), { nil: undefined })

describe("parseDuration", () => {
  it("reads any hours, minutes and seconds, with PT before them or not", () => {
    fc.assert(
      fc.property(
        part(20),
        part(59),
        part(59),
        fc.constantFrom("", "PT", "pt"),
        (h, m, s, before) => {
          const ms = ((h ?? 0) * 3_600 + (m ?? 0) * 60 + (s ?? 0)) * 1_000
          fc.pre(ms > 0)
          const text = [
            before,
            h === undefined ? "" : `${h}h`,
            m === undefined ? "" : `${m}m`,
            s === undefined ? "" : `${s}s`
          ].join("")
          expect(parseDuration(text)).toBe(ms)
        }
      )
    )
  })

  it("never takes a number without its unit", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(parseDuration(String(value))).toBeUndefined()
      })
    )
  })

  it("is total, and never gives what cannot be waited", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseDuration(text)
        expect(ms === undefined || (ms > 0 && ms <= LONGEST_DURATION_MS)).toBe(true)
      })
    )
  })

  it.each(["", " ", "h", "PT", "1m1h", "1h1h", "-5m", "0s", "25h", "1.5h", "5 m", "PT5M5"])(
    "refuses %j",
    (text) => expect(parseDuration(text)).toBeUndefined()
  )
})

it("durationText reads as a person says it", () => {
  expect([0, 440, 9_949, 12_000, 60_000, 185_000, 3_600_000, 5_400_000].map(durationText)).toEqual([
    "0.0 s",
    "0.4 s",
    "9.9 s",
    "12 s",
    "1 min",
    "3 min 5 s",
    "1 h",
    "1 h 30 min"
  ])
})
