import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { withHolidays } from "../../src/index.ts"
import { windows } from "./arbitraries.ts"

const dates = fc.subarray(["2026-01-01", "2026-12-25", "2027-01-01"])

describe("withHolidays", () => {
  it("closes every zone on the dates beside those that it had, and changes nothing else", () => {
    fc.assert(
      fc.property(windows(3), dates, (window, added) => {
        const closed = withHolidays(window, added)
        expect(closed.zones.map(({ slots, zone }) => ({ slots, zone }))).toEqual(
          window.zones.map(({ slots, zone }) => ({ slots, zone }))
        )
        closed.zones.forEach(({ holidays = [] }, index) =>
          expect(new Set(holidays)).toEqual(
            new Set([...(window.zones[index]?.holidays ?? []), ...added])
          )
        )
      })
    )
  })
})
