import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { atNoon, entriesOf, requestFor, running, withLedger, worldWith } from "./fixtures.ts"

describe("an interrupt", () => {
  withLedger("after a conflict takes the other writer's change for no change of its own", () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "off" })
      const { probe, program } = running(world, requestFor({ target: "active" }), [
        { kind: "none" },
        { kind: "otherWriter", status: "on" }
      ])
      const fiber = yield* Effect.forkChild(program)
      yield* TestClock.adjust(0)
      assert.strictEqual(probe.writes, 1)
      yield* Fiber.interrupt(fiber)
      assert.deepInclude((yield* entriesOf).at(-1), {
        outcome: "failed",
        success: false,
        errorCode: "INTERRUPTED"
      })
    })
  )
  withLedger("whose read-back never answers ends in bounded time with the outcome unknown", () =>
    Effect.gen(function* () {
      yield* atNoon
      const { probe, program } = running(
        worldWith({ status: "off" }),
        requestFor({ target: "active" }),
        [],
        {
          stop: { atCall: 2, afterEffect: false }
        }
      )
      const fiber = yield* Effect.forkChild(program)
      yield* TestClock.adjust(1)
      assert.isTrue(probe.reachedStop)
      // From here on no read answers.
      Object.assign(probe, { stop: { atCall: 3, afterEffect: true } })
      const ending = yield* Effect.forkChild(Fiber.interrupt(fiber))
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(ending)
      assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
      assert.deepInclude((yield* entriesOf).at(-1), {
        outcome: "unknown",
        errorCode: "INTERRUPTED"
      })
    })
  )
})
