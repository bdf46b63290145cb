import { assert, describe } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import { atNoon, entriesOf, requestFor, running, withLedger, worldWith } from "./fixtures.ts"

describe("waiting", () => {
  withLedger("obeys the whole of a Retry-After and decides afresh afterwards", () =>
    Effect.gen(function* () {
      // 19:59:30: the window closes while the run waits.
      yield* TestClock.setTime(Date.UTC(2026, 10, 23, 19, 59, 30))
      const world = worldWith({ status: "off" })
      const { probe, program } = running(world, requestFor({ target: "active" }), [
        { kind: "none" },
        { kind: "rateLimited", retryAfterMs: 45_000 }
      ])
      const fiber = yield* Effect.forkChild(program)
      yield* TestClock.adjust(44_999)
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust(1)
      const error = yield* Effect.flip(Fiber.join(fiber))
      assert.strictEqual(error._tag, "TransitionRejected")
      assert.strictEqual(probe.writes, 1)
      assert.strictEqual(world.status, "off")
      assert.deepStrictEqual(
        (yield* entriesOf).map(({ kind, outcome }) => [kind, outcome]),
        [
          ["intent", null],
          ["outcome", "rejected"]
        ]
      )
    })
  )
  withLedger("for the agents to be counted does not carry over that the window was open", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 23, 19, 59, 30))
      const world = worldWith({ status: "off", countingMs: 45_000 })
      const { probe, program } = running(world, requestFor({ target: "active" }))
      const fiber = yield* Effect.forkChild(Effect.flip(program))
      yield* TestClock.adjust(45_000)
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "TransitionRejected")
      assert.strictEqual(probe.writes, 0)
    })
  )
  withLedger("never begins for a Retry-After that the deadline cannot hold", () =>
    Effect.gen(function* () {
      yield* atNoon
      const { program } = running(
        worldWith({ status: "on" }),
        requestFor({ target: "paused", pauseReason: "OTHER" }),
        [{ kind: "none" }, { kind: "rateLimited", retryAfterMs: 86_400_000 }]
      )
      const error = yield* Effect.flip(program)
      assert.strictEqual(error._tag, "RetriesExhausted")
      if (error._tag !== "RetriesExhausted") return
      assert.strictEqual(error.because, "deadline")
      assert.strictEqual(error.lastCode, "RATE_LIMITED")
      assert.strictEqual(error.retryAfterMs, 86_400_000)
    })
  )

  for (const { name, script, outcome } of [
    {
      name: "for a budget that is back by the next look makes the change",
      script: ["none", "budgetGone"],
      outcome: "applied"
    },
    {
      name: "for a budget that stays away leaves no doubt: nothing was sent",
      script: ["none", "budgetGone", "budgetGone"],
      outcome: "failed"
    },
    {
      name: "for a budget before the first look writes nothing down",
      script: ["budgetGone"],
      outcome: undefined
    },
    {
      name: "for a budget after a lost reply does not hide the doubt",
      script: ["none", "lostAfter", "budgetGone"],
      outcome: "unknown"
    }
  ] as const)
    for (const target of ["active", "paused"] as const)
      withLedger(`${name} (${target})`, () =>
        Effect.gen(function* () {
          yield* atNoon
          const world = worldWith({ status: target === "active" ? "off" : "on" })
          const { program } = running(
            world,
            requestFor({ target, ...(target === "paused" ? { pauseReason: "OTHER" } : {}) }),
            script.map((kind) => ({ kind }))
          )
          const fiber = yield* Effect.forkChild(Effect.result(program))
          yield* TestClock.adjust("10 seconds")
          const told = yield* Fiber.join(fiber)
          assert.deepStrictEqual(
            Result.isSuccess(told) ? told.success._tag : told.failure._tag,
            outcome === "applied"
              ? "Applied"
              : outcome === "unknown"
                ? "OutcomeUnknown"
                : "BudgetUnavailable"
          )
          assert.deepStrictEqual(
            (yield* entriesOf).map((entry) => entry.outcome),
            outcome === undefined ? [] : [null, outcome]
          )
        })
      )
})
