import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { defaultRetryPolicy, nextRetry, type RetryPolicy } from "../../src/index.ts"

const policies: fc.Arbitrary<RetryPolicy> = fc.record({
  baseMs: fc.integer({ min: 1, max: 100_000 }),
  factor: fc.double({ min: 1, max: 10, noNaN: true }),
  capMs: fc.integer({ min: 1, max: 100_000 }),
  maxRetries: fc.nat(20),
  deadlineMs: fc.nat(1_000_000)
})
const uniform = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const retryAfter = fc.option(
  fc.oneof(fc.nat(120_000), fc.constantFrom(0, Number.MAX_SAFE_INTEGER)),
  { nil: undefined }
)
const asked = (retryAfterMs: number | undefined): { readonly retryAfterMs?: number } =>
  retryAfterMs === undefined ? {} : { retryAfterMs }

const ceilingOf = ({ baseMs, capMs, factor }: RetryPolicy, retriesMade: number): number =>
  Math.min(capMs, baseMs * factor ** retriesMade)

describe("nextRetry", () => {
  it("waits within the jitter's bounds, never less than Retry-After, past neither end", () => {
    let waits = 0
    fc.assert(
      fc.property(
        policies,
        fc.nat(25),
        fc.nat(1_000_000),
        retryAfter,
        uniform,
        (policy, retriesMade, elapsedMs, retryAfterMs, random) => {
          const question = { retriesMade, elapsedMs, random, ...asked(retryAfterMs) }
          const decision = nextRetry(policy, question)
          const least = retryAfterMs ?? 0
          const ceiling = ceilingOf(policy, retriesMade)
          const spent = retriesMade >= policy.maxRetries
          const late = elapsedMs + Math.max(random * ceiling, least) > policy.deadlineMs
          // Given up for what it says, the retries first; a wait that is no number is none.
          const delayMs = decision._tag === "Wait" ? decision.delayMs : Number.NaN
          const because = spent ? "retries" : late ? "deadline" : undefined
          expect(decision._tag === "GiveUp" ? decision.because : undefined).toBe(because)
          if (because !== undefined) return
          waits++
          expect(delayMs).toBeGreaterThanOrEqual(least)
          expect(delayMs).toBeLessThanOrEqual(Math.max(ceiling, least))
          expect(delayMs).toBeLessThanOrEqual(Math.max(policy.capMs, least))
          expect(elapsedMs + delayMs).toBeLessThanOrEqual(policy.deadlineMs)
        }
      ),
      { numRuns: 5_000 }
    )
    expect(waits).toBeGreaterThan(250)
  })

  it("ends every run: within the deadline, after the allowed retries at most", () => {
    fc.assert(
      fc.property(
        policies,
        fc.array(fc.record({ callMs: fc.nat(20_000), after: retryAfter, random: uniform }), {
          minLength: 30,
          maxLength: 30
        }),
        (policy, failures) => {
          let elapsedMs = 0
          let waited = 0
          let retriesMade = 0
          for (const { after, callMs, random } of failures) {
            elapsedMs += callMs
            const decision = nextRetry(policy, { retriesMade, elapsedMs, random, ...asked(after) })
            if (decision._tag === "GiveUp") break
            elapsedMs += decision.delayMs
            waited += decision.delayMs
            retriesMade++
            // A retry begins here.
            expect(elapsedMs).toBeLessThanOrEqual(policy.deadlineMs)
          }
          expect(retriesMade).toBeLessThanOrEqual(policy.maxRetries)
          expect(waited).toBeLessThanOrEqual(policy.deadlineMs)
        }
      ),
      { numRuns: 2_000 }
    )
  })

  it.each([
    [0, 1_000],
    [1, 2_000],
    [2, 4_000]
  ])("spreads retry %i evenly over 0 to %i ms", (retriesMade, ceiling) => {
    const draws = 20_000
    const bins = 20
    const seed = 20_261_123
    const randoms = seeded(seed)
    const counts = Array.from({ length: bins }, () => 0)
    for (let draw = 0; draw < draws; draw++) {
      const decision = nextRetry(defaultRetryPolicy, {
        retriesMade,
        elapsedMs: 0,
        random: randoms()
      })
      if (decision._tag === "GiveUp") throw new Error(decision.because)
      const bin = Math.floor((decision.delayMs / ceiling) * bins)
      counts[bin] = (counts[bin] ?? 0) + 1
    }
    const expected = draws / bins
    const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
    // The 99.9th percentile of chi-square with 19 degrees of freedom.
    expect(chiSquare, `seed ${seed}`).toBeLessThan(43.82)
    expect(counts).toHaveLength(bins)
  })

  it("gives up where a time is no number", () => {
    const giveUp = { _tag: "GiveUp", because: "deadline" }
    const question = { retriesMade: 0, elapsedMs: 0, random: 0.5 }
    expect(nextRetry(defaultRetryPolicy, { ...question, elapsedMs: Number.NaN })).toEqual(giveUp)
    expect(nextRetry(defaultRetryPolicy, { ...question, retryAfterMs: Number.NaN })).toEqual(giveUp)
    expect(nextRetry(defaultRetryPolicy, { ...question, retryAfterMs: Infinity })).toEqual(giveUp)
  })
})

/** Mulberry32: a small generator whose draws are the same everywhere. */
const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
