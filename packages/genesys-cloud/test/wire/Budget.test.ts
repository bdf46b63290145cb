import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { makeBudget } from "../../src/wire/Budget.ts"

const headers = (count: number, allowed: number, reset: number) => ({
  "inin-ratelimit-count": String(count),
  "inin-ratelimit-allowed": String(allowed),
  "inin-ratelimit-reset": String(reset)
})

const PATIENCE_MS = 60_000

describe("the budget", () => {
  it.effect(
    "lets requests through while some are left, and holds the next one until the reset",
    () =>
      Effect.gen(function* () {
        const budget = makeBudget(PATIENCE_MS)
        yield* budget.note(headers(298, 300, 30))
        yield* budget.admit
        yield* budget.admit
        const held = yield* Effect.forkChild(budget.admit)
        yield* TestClock.adjust(29_999)
        assert.isUndefined(held.pollUnsafe())
        yield* TestClock.adjust(1)
        yield* Fiber.join(held)
      })
  )

  it.effect("grants a whole new window after the reset, and no more than that", () =>
    Effect.gen(function* () {
      const budget = makeBudget(PATIENCE_MS)
      yield* budget.note(headers(5, 5, 10))
      const fibers = yield* Effect.all(
        Array.from({ length: 8 }, () => Effect.forkChild(budget.admit, { startImmediately: true }))
      )
      yield* TestClock.adjust(10_000)
      const through = fibers.filter((fiber) => fiber.pollUnsafe() !== undefined)
      assert.strictEqual(through.length, 5)
      yield* TestClock.adjust(60_000)
      assert.isTrue(fibers.every((fiber) => fiber.pollUnsafe() !== undefined))
    })
  )

  it.effect("counts requests in flight, so that a burst does not overrun the limit", () =>
    Effect.gen(function* () {
      const budget = makeBudget(PATIENCE_MS)
      yield* budget.note(headers(1, 10, 30))
      const fibers = yield* Effect.all(
        Array.from({ length: 20 }, () => Effect.forkChild(budget.admit, { startImmediately: true }))
      )
      assert.strictEqual(fibers.filter((fiber) => fiber.pollUnsafe() !== undefined).length, 9)
      yield* Effect.forEach(fibers, Fiber.interrupt)
    })
  )

  it.effect("does not take an old reply of the same window for a lower count", () =>
    Effect.gen(function* () {
      const budget = makeBudget(PATIENCE_MS)
      yield* budget.note(headers(200, 300, 30))
      yield* budget.note(headers(120, 300, 31))
      assert.deepStrictEqual(yield* budget.seen, { used: 200, allowed: 300, resetsInMs: 31_000 })
    })
  )

  it.effect("takes a later reset for a new window", () =>
    Effect.gen(function* () {
      const budget = makeBudget(PATIENCE_MS)
      yield* budget.note(headers(300, 300, 2))
      yield* TestClock.adjust(1_000)
      yield* budget.note(headers(1, 300, 60))
      assert.deepStrictEqual(yield* budget.seen, { used: 1, allowed: 300, resetsInMs: 60_000 })
      yield* budget.admit
    })
  )

  it.effect("fails with the wait rather than waiting beyond the patience", () =>
    Effect.gen(function* () {
      const budget = makeBudget(PATIENCE_MS)
      yield* budget.note(headers(300, 300, 600))
      const error = yield* Effect.flip(budget.admit)
      assert.strictEqual(error.retryAfterMs, 600_000)
    })
  )

  it.effect("is not moved by headers that are absent or make no sense", () =>
    Effect.gen(function* () {
      const budget = makeBudget(PATIENCE_MS)
      yield* budget.note({})
      yield* budget.note({ ...headers(9, 0, 60) })
      yield* budget.note({ ...headers(9, 9, 60), "inin-ratelimit-reset": "-60" })
      yield* budget.note({ ...headers(9, 9, 60), "inin-ratelimit-count": "many" })
      assert.isUndefined(yield* budget.seen)
      yield* budget.admit
    })
  )
})
