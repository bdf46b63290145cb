import type { CampaignId } from "@campaignctl/core"
import { GatewayWorld } from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { OperationStore } from "../../src/database/OperationStore.ts"
import { Heard } from "../../src/watch/Heard.ts"
import { begun, carrying } from "../support/carrying.ts"
import { OPERATION, pausing } from "../support/pausing.ts"

const DEADLINE_MS = 600_000

/** A wait for the drain of one campaign, of which the map tells what is heard. */
const waiting = Effect.fnUntraced(function* (heard: Map<CampaignId, string | undefined>) {
  const world = yield* GatewayWorld
  const id = yield* world.addCampaign({ name: "Draining", calls: 1 })
  const service = Heard.of({ of: () => Effect.sync(() => new Map(heard)) })
  const { spec } = pausing({ all: true }, { drainDeadlineMs: DEADLINE_MS })
  const shown = yield* Effect.provideService(begun(spec), Heard, service)
  assert.strictEqual((yield* shown).counts.draining, 1)
  const before = yield* world.requests
  const store = yield* OperationStore
  return {
    id,
    world,
    asked: Effect.map(world.requests, (requests) => requests - before),
    end: Effect.map(store.items(OPERATION, {}), ([item]) => [
      item?.status,
      item?.stateAfter,
      item?.detail
    ])
  }
})

it.effect("ends within half a second of what is heard, and asks nothing", () =>
  Effect.gen(function* () {
    const heard = new Map<CampaignId, string | undefined>()
    const { asked, end, id } = yield* waiting(heard)
    const first = yield* asked
    heard.set(id, undefined)
    yield* TestClock.adjust("2 minutes")
    heard.set(id, "stopping")
    yield* TestClock.adjust("2 minutes")
    const before = yield* asked
    assert.isAtMost(before - first, 1)
    heard.set(id, "off")
    yield* TestClock.adjust("500 millis")
    assert.deepStrictEqual(yield* end, ["applied", "paused", null])
    assert.strictEqual(yield* asked, before)
  }).pipe(Effect.scoped, Effect.provide(carrying))
)

it.effect("makes sure of a campaign that is heard to dial again", () =>
  Effect.gen(function* () {
    const heard = new Map<CampaignId, string | undefined>()
    const { asked, end, id, world } = yield* waiting(heard)
    // Heard late: it is from before the stop.
    heard.set(id, "on")
    yield* TestClock.adjust("30 seconds")
    assert.isAbove(yield* asked, 0)
    assert.strictEqual((yield* end)[0], "draining")
    yield* world.setState(id, "active")
    yield* TestClock.adjust("10 seconds")
    assert.deepStrictEqual(yield* end, [
      "applied",
      "active",
      "Somebody turned it on again during the drain."
    ])
  }).pipe(Effect.scoped, Effect.provide(carrying))
)

it.effect.each([undefined, "stopping", "new to us"])(
  "asks at the deadline, whatever is heard: %s",
  (status) =>
    Effect.gen(function* () {
      const heard = new Map<CampaignId, string | undefined>()
      const { asked, end, id, world } = yield* waiting(heard)
      heard.set(id, status)
      yield* TestClock.adjust("20 seconds")
      const before = yield* asked
      yield* world.endCalls(id)
      yield* TestClock.adjust(DEADLINE_MS - 20_001)
      assert.strictEqual((yield* end)[0], "draining")
      assert.strictEqual(yield* asked, before)
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* end, ["applied", "paused", null])
      assert.strictEqual((yield* asked) - before, 1)
    }).pipe(Effect.scoped, Effect.provide(carrying))
)

it.effect("asks as ever where nothing is heard of any more", () =>
  Effect.gen(function* () {
    const heard = new Map<CampaignId, string | undefined>()
    const { end, id, world } = yield* waiting(heard)
    heard.set(id, "stopping")
    yield* TestClock.adjust("1 minute")
    yield* world.endCalls(id)
    yield* TestClock.adjust("1 minute")
    assert.strictEqual((yield* end)[0], "draining")
    heard.delete(id)
    yield* TestClock.adjust("10 seconds")
    assert.deepStrictEqual(yield* end, ["applied", "paused", null])
  }).pipe(Effect.scoped, Effect.provide(carrying))
)
