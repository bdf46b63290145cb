import fc from "fast-check"
import { expect, it } from "vitest"
import {
  interleaved,
  median,
  medianEstimate,
  medianRatio,
  quantile,
  ratesOf
} from "../src/stats.ts"

const sample = fc.array(fc.integer(), { minLength: 1 })

it("gives a quantile that is of the sample, with the right share of it at or below", () => {
  fc.assert(
    fc.property(sample, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
      const found = quantile(values, q)
      expect(values).toContain(found)
      const atOrBelow = values.filter((value) => value <= found).length
      const below = values.filter((value) => value < found).length
      expect(atOrBelow).toBeGreaterThanOrEqual(q * values.length)
      expect(below).toBeLessThan(Math.max(1, Math.ceil(q * values.length)))
    })
  )
})

it("does not depend on the order, and refuses to tell of nothing", () => {
  fc.assert(
    fc.property(sample, (values) => {
      expect(median(values)).toBe(median(values.toReversed()))
    })
  )
  expect(quantile([5, 1, 4, 2, 3], 0.5)).toBe(3)
  expect(quantile([5, 1, 4, 2, 3], 0.99)).toBe(5)
  expect(() => median([])).toThrow("nothing was measured")
})

it("runs contenders by turns, each round in another order, and leaves the warm-up out", async () => {
  const order: Array<string> = []
  const contender = (name: string) => async () => order.push(name)
  const samples = await interleaved(
    { a: contender("a"), b: contender("b"), c: contender("c") },
    { rounds: 3, warmUp: 1 }
  )
  expect(order.join("")).toBe("abcbcacababc")
  expect(samples).toEqual({ a: [6, 8, 10], b: [4, 9, 11], c: [5, 7, 12] })
})

it("leaves the first batch out of the rates", async () => {
  let batches = 0
  const rates = await ratesOf(3, 10, () => (batches += 1))
  expect([rates.length, batches]).toEqual([3, 4])
})

it("compares round by round, so that a slow round of both changes nothing", () => {
  const rounds = fc.array(fc.double({ min: 0.1, max: 1_000, noNaN: true }), { minLength: 1 })
  fc.assert(
    fc.property(rounds, fc.constantFrom(0.5, 2, 4), (slow, ratio) => {
      expect(
        medianRatio(
          slow.map((factor) => factor * ratio),
          slow
        )
      ).toBe(ratio)
    })
  )
})

it("holds the median of most samples between the ends that it gives, and gives the same ones again", () => {
  fc.assert(
    fc.property(sample, (values) => {
      const estimate = medianEstimate(values)
      expect(estimate).toEqual(medianEstimate(values))
      expect(estimate.value).toBe(median(values))
      expect(estimate.low).toBeLessThanOrEqual(estimate.value)
      expect(estimate.high).toBeGreaterThanOrEqual(estimate.value)
    }),
    { numRuns: 20 }
  )
  // 0.1 apart, from 0 to 10: by the binomial distribution the ends are some ten values from the middle.
  const { high, low } = medianEstimate(Array.from({ length: 101 }, (_, at) => at / 10))
  expect([low > 3.8 && low < 4.3, high > 5.7 && high < 6.2]).toEqual([true, true])
  expect(medianEstimate([7, 7, 7])).toEqual({ value: 7, low: 7, high: 7 })
})
