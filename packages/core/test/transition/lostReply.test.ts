import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { atNoon, entriesOf, requestFor, running, withLedger, worldWith } from "./fixtures.ts"
import type { Fault } from "./world.ts"

describe("a lost reply", () => {
  withLedger("is settled by reading back, without a second write", () =>
    Effect.gen(function* () {
      yield* atNoon
      const { events, probe, program } = running(
        worldWith({ status: "off" }),
        requestFor({ target: "active" }),
        [{ kind: "none" }, { kind: "lostAfter" }]
      )
      const result = yield* program
      assert.strictEqual(result._tag, "Applied")
      assert.strictEqual(probe.writes, 1)
      assert.isTrue(events.some((event) => event._tag === "ReadBack" && event.shown))
    })
  )
  withLedger("of a change that lands later is found out by the next try, and is no drift", () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "on" })
      yield* running(world, requestFor({ target: "paused", pauseReason: "OTHER" })).program
      const { probe, program } = running(world, requestFor({ target: "active" }), [
        { kind: "none" },
        { kind: "lands", afterCalls: 2 }
      ])
      const fiber = yield* Effect.forkChild(program)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "Applied")
      assert.strictEqual(probe.writes, 1)
      assert.deepStrictEqual(
        (yield* entriesOf).slice(2).map(({ kind, outcome }) => [kind, outcome]),
        [
          ["intent", null],
          ["outcome", "applied"]
        ]
      )
    })
  )
  withLedger("that cannot be read back is reported as unknown", () =>
    Effect.gen(function* () {
      yield* atNoon
      const { program } = running(worldWith({ status: "off" }), requestFor({ target: "active" }), [
        { kind: "none" },
        { kind: "lostAfter" },
        { kind: "notAuthenticated" }
      ])
      const error = yield* Effect.flip(program)
      assert.strictEqual(error._tag, "OutcomeUnknown")
      assert.strictEqual((yield* entriesOf).at(-1)?.outcome, "unknown")
    })
  )
})

describe("a reply that was lost for a change that may still land", () => {
  const cases: ReadonlyArray<{ readonly end: string; readonly script: ReadonlyArray<Fault> }> = [
    { end: "Genesys refuses the second try", script: [{ kind: "refused" }] },
    {
      end: "the retries end",
      script: [{ kind: "rateLimited", retryAfterMs: 86_400_000 }]
    }
  ]
  for (const { end, script } of cases)
    withLedger(`leaves the outcome unknown when ${end}`, () =>
      Effect.gen(function* () {
        yield* atNoon
        const world = worldWith({ status: "off" })
        const lands: Fault = { kind: "lands", afterCalls: 4 }
        const { program } = running(world, requestFor({ target: "active" }), [
          { kind: "none" },
          lands,
          { kind: "none" },
          { kind: "none" },
          ...script
        ])
        const fiber = yield* Effect.forkChild(Effect.flip(program))
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "OutcomeUnknown")
        assert.strictEqual((yield* entriesOf).at(-1)?.outcome, "unknown")
        world.callArrives()
        assert.strictEqual(world.status, "on")
      })
    )
  withLedger("leaves the outcome unknown when a guard forbids the second try", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 10, 23, 19, 59, 59, 900))
      const world = worldWith({ status: "off" })
      const { probe, program } = running(world, requestFor({ target: "active" }), [
        { kind: "none" },
        { kind: "lands", afterCalls: 4 }
      ])
      const fiber = yield* Effect.forkChild(Effect.flip(program))
      yield* TestClock.adjust("1 minute")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error._tag, "OutcomeUnknown")
      assert.include(error.message, "The calling window is closed")
      assert.strictEqual(probe.writes, 1)
    })
  )
})
