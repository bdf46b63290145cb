import { assert } from "@effect/vitest"
import { Clock, Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import { AuditLog, type Campaign, SEEN_FRESH_MS } from "../../src/index.ts"
import { atNoon, requestFor, running, withLedger, worldWith } from "./fixtures.ts"
import { Probe } from "./probe.ts"
import type { World } from "./world.ts"

const pause = requestFor({ target: "paused", pauseReason: "OTHER" })

/** The campaign as a list shows it now. */
const listed = (world: World): Effect.Effect<Campaign> =>
  Effect.map(Clock.currentTimeMillis, (now) => new Probe(world, pause, [], undefined).campaign(now))

/** A run on a listed campaign; to the probe's rules the list was the read. */
const runOn = (seen: Campaign, world: World, request = pause) => {
  const made = running(world, { ...request, seen })
  made.probe.lockRead = seen.lock
  return made
}

withLedger("a listed campaign is changed with one request, whatever its age", () =>
  Effect.gen(function* () {
    yield* atNoon
    const world = worldWith({ status: "on" })
    const seen = yield* listed(world)
    yield* TestClock.adjust("1 hour")
    const { probe, program } = runOn(seen, world)
    assert.strictEqual((yield* program)._tag, "Applied")
    assert.deepStrictEqual([probe.calls, probe.writes, world.status], [1, 1, "off"])
  })
)

withLedger("a listed campaign that was written to since is read, and decided on again", () =>
  Effect.gen(function* () {
    yield* atNoon
    const world = worldWith({ status: "on" })
    const seen = yield* listed(world)
    world.set("on")
    const { probe, program } = runOn(seen, world)
    const fiber = yield* Effect.forkChild(program)
    yield* TestClock.adjust("1 minute")
    const result = yield* fiber.pollUnsafe() ?? Effect.die("it still runs")
    assert.strictEqual(result._tag, "Applied")
    // The refused write, the read, and the write under the new lock.
    assert.deepStrictEqual([probe.calls, probe.writes, world.status], [3, 2, "off"])
  })
)

withLedger(
  "a listed campaign that one of us has changed since is read, and its list is no drift",
  () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "on" })
      const seen = yield* listed(world)
      assert.strictEqual((yield* running(world, pause).program)._tag, "Applied")
      const { probe, program } = runOn(seen, world, requestFor({ target: "active" }))
      assert.strictEqual((yield* program)._tag, "Applied")
      assert.deepStrictEqual([probe.writes, world.status], [1, "on"])
      const { query } = yield* AuditLog
      assert.deepStrictEqual(
        (yield* Stream.runCollect(query({}))).map(({ kind }) => kind),
        ["intent", "outcome", "intent", "outcome"]
      )
    })
)

for (const { age, reads } of [
  { age: SEEN_FRESH_MS, reads: 0 },
  { age: SEEN_FRESH_MS + 1, reads: 1 }
])
  withLedger(`what needs no write is believed of a list ${age} ms old after ${reads} reads`, () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "off" })
      const seen = yield* listed(world)
      yield* TestClock.adjust(age)
      const { probe, program } = runOn(seen, world)
      assert.strictEqual((yield* program)._tag, "AlreadyThere")
      assert.deepStrictEqual([probe.calls, probe.writes], [reads, 0])
    })
  )

withLedger("the agents that the caller counted are believed once", () =>
  Effect.gen(function* () {
    yield* atNoon
    const world = worldWith({ status: "off", agents: 0 })
    const seen = yield* listed(world)
    const request = {
      ...requestFor({ target: "active" }),
      capacity: { _tag: "AgentsAvailable", available: 5, of: "Queue" }
    } as const
    // The first attempt conflicts, so that the second must ask and finds nobody.
    world.set("forced_off")
    const { probe, program } = runOn(seen, world, request)
    world.agents = 5
    const fiber = yield* Effect.forkChild(Effect.flip(program))
    yield* TestClock.adjust(0)
    world.agents = 0
    yield* TestClock.adjust("1 minute")
    const error = yield* fiber.pollUnsafe() ?? Effect.die("it still runs")
    assert.strictEqual(error._tag, "TransitionRejected")
    assert.deepStrictEqual([probe.writes, world.status], [1, "forced_off"])
  })
)
