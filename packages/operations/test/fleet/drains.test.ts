import { GatewayWorld } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { OperationStore } from "../../src/database/OperationStore.ts"
import type { FleetSpec } from "../../src/index.ts"
import { begun, carrying } from "../support/carrying.ts"
import { OPERATION } from "../support/pausing.ts"

const pausing = (drainDeadlineMs: number): FleetSpec => ({
  _tag: "Fleet",
  selector: { all: true },
  change: { target: "paused", pauseReason: "OTHER" },
  order: "listed",
  concurrency: 10,
  maxFailures: null,
  drainDeadlineMs
})

const addCalling = (count: number) =>
  Effect.flatMap(GatewayWorld, ({ addCampaign }) =>
    Effect.forEach(Array.from({ length: count }), (_, index) =>
      addCampaign({ name: `Campaign ${index}`, calls: 2 })
    )
  )

describe("a fleet that waits for its drains", () => {
  it.effect("ends when the last call has ended, at a hundred campaigns for one request", () =>
    Effect.gen(function* () {
      const world = yield* GatewayWorld
      const ids = yield* addCalling(150)
      const shown = yield* begun(pausing(600_000))
      assert.strictEqual((yield* shown).counts.draining, 150)
      const before = yield* world.requests
      yield* TestClock.adjust("1 minute")
      // Looks after 1, 2.5, 4.75, 8.1, 13.2 and 20.8 s, and every 10 s from then on; two pages each.
      assert.strictEqual((yield* world.requests) - before, 2 * 9)
      yield* Effect.forEach(ids, world.endCalls)
      yield* TestClock.adjust("10 seconds")
      const over = yield* shown
      assert.strictEqual(over.status, "succeeded")
      assert.strictEqual(over.counts.applied, 150)
    }).pipe(Effect.scoped, Effect.provide(carrying))
  )

  it.effect(
    "has a defined end where the deadline passes, and where somebody turns one on again",
    () =>
      Effect.gen(function* () {
        const world = yield* GatewayWorld
        const [first, second, third] = yield* addCalling(3)
        if (first === undefined || second === undefined || third === undefined) return
        const shown = yield* begun(pausing(30_000))
        yield* TestClock.adjust("5 seconds")
        yield* world.setState(first, "active")
        yield* world.endCalls(second)
        yield* TestClock.adjust("20 seconds")
        assert.strictEqual((yield* shown).counts.draining, 1)
        yield* TestClock.adjust("6 seconds")
        const over = yield* shown
        assert.strictEqual(over.status, "succeeded")
        const store = yield* OperationStore
        const items = yield* store.items(OPERATION, {})
        assert.deepStrictEqual(
          items.map(({ detail, stateAfter, status }) => [status, stateAfter, detail]),
          [
            ["applied", "active", "Somebody turned it on again during the drain."],
            ["applied", "paused", null],
            ["applied", "draining", "Calls still run: the deadline for the drain has passed."]
          ]
        )
      }).pipe(Effect.scoped, Effect.provide(carrying))
  )

  it.effect("asks nothing while it is paused, and stops waiting when it is cancelled", () =>
    Effect.gen(function* () {
      const world = yield* GatewayWorld
      yield* addCalling(2)
      const shown = yield* begun(pausing(600_000))
      const store = yield* OperationStore
      yield* TestClock.adjust("5 seconds")
      yield* store.steer(OPERATION, "pause")
      yield* TestClock.adjust("10 seconds")
      const before = yield* world.requests
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* world.requests, before)
      assert.strictEqual((yield* shown).status, "paused")
      yield* store.steer(OPERATION, "cancel")
      yield* TestClock.adjust("1 second")
      const over = yield* shown
      assert.strictEqual(over.status, "cancelled")
      assert.strictEqual(over.counts.applied, 2)
    }).pipe(Effect.scoped, Effect.provide(carrying))
  )
})
