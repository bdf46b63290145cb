import fc from "fast-check"
import { describe, expect, inject, it } from "vitest"
import { consequenceOf, type Judged } from "../src/delivery/consequenceOf.ts"
import { DAY_MS, HOUR_MS } from "./support/steps.ts"

const judged = (status: number | null, more: Partial<Judged> = {}): Judged => ({
  made: {
    receiver: "https://a.example.com/",
    at: 0,
    endedAt: 0,
    durationMs: 0,
    status,
    detail: "It answered."
  },
  triesBefore: 0,
  giveUpAt: 3 * DAY_MS,
  failingSince: null,
  random: 0,
  ...more
})

describe("what follows from an attempt", () => {
  it("is three retries at least, however soon its time is over and whatever the receiver asks for", () => {
    const failed = fc.constantFrom(null, 302, 400, 404, 429, 500, 503)
    const wait = fc.option(fc.integer({ min: 0, max: DAY_MS }), { nil: undefined })
    const since = fc.constantFrom(null, new Date(-30 * DAY_MS).toISOString())
    fc.assert(
      fc.property(failed, wait, since, fc.nat({ max: 9 }), (status, asked, failingSince, tries) => {
        const next = consequenceOf(
          judged(status, {
            giveUpAt: -1,
            failingSince,
            triesBefore: tries,
            ...(asked === undefined ? {} : { retryAfterMs: asked })
          })
        )
        expect(next._tag).toBe(tries < 3 ? "Again" : "Dead")
        const disables = next._tag !== "Delivered" && next.disable !== undefined
        expect(disables).toBe(tries >= 3 && failingSince !== null)
      }),
      { numRuns: 1_000 * inject("scale") }
    )
  })

  it.each([
    [429, HOUR_MS],
    [503, HOUR_MS],
    [500, 5_000],
    [404, 5_000],
    [302, 5_000]
  ])("of %s with Retry-After is a pause of %s ms", (status, pauseMs) => {
    const next = consequenceOf(judged(status, { retryAfterMs: HOUR_MS }))
    expect(next).toMatchObject({ _tag: "Again", dueAt: pauseMs })
    expect("receiverNotBefore" in next).toBe(pauseMs === HOUR_MS)
  })

  it.each([
    [0, 5_000],
    [1, 10_000],
    [2, 20_000],
    [9, 2_560_000],
    [10, HOUR_MS],
    [2_000, HOUR_MS]
  ])(
    "after %s retries is a pause at random, from five seconds to %s ms",
    (triesBefore, ceiling) => {
      const pauseOf = (random: number): number => {
        const next = consequenceOf(judged(500, { giveUpAt: Infinity, random, triesBefore }))
        return next._tag === "Again" ? next.dueAt : Number.NaN
      }
      expect(pauseOf(0)).toBe(5_000)
      expect(pauseOf(0.5)).toBe((5_000 + ceiling) / 2)
      expect(pauseOf(1 - Number.EPSILON)).toBe(ceiling)
    }
  )
})
