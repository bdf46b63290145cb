import { assert } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { resumeTransition, type ResumeOptions } from "../../src/index.ts"
import { MemoryLedger } from "../../src/testing/index.ts"
import { atNoon, inTime, requestFor, running, withLedger, worldWith } from "./fixtures.ts"
import { portsOf, Probe, type Stop } from "./probe.ts"
import type { Fault, World } from "./world.ts"

const request = {
  ...requestFor({ target: "paused", pauseReason: "OTHER" }),
  requestId: "operation:campaign"
} as const

/** A run that is stopped at one of its calls and never ends by itself. */
const stopped = Effect.fnUntraced(function* (world: World, stop: Stop) {
  const { probe, program } = running(world, request, [], { stop })
  const fiber = yield* Effect.forkDetach(program)
  yield* TestClock.adjust(1)
  assert.isTrue(probe.reachedStop)
  return fiber
})

const resumed = (world: World, options: ResumeOptions = {}, script: ReadonlyArray<Fault> = []) => {
  const probe = new Probe(world, request, script, undefined)
  const program = resumeTransition(request, options).pipe(Effect.provide(portsOf(probe, false)))
  return { probe, program }
}

withLedger("what was killed after its write took effect is not written again", () =>
  Effect.gen(function* () {
    yield* atNoon
    const world = worldWith({ status: "on" })
    const killed = yield* stopped(world, { atCall: 2, afterEffect: true })
    yield* (yield* MemoryLedger).crash
    const { probe, program } = resumed(world)
    const result = yield* program
    assert.deepStrictEqual(
      [result._tag, result.from, result.state],
      ["Applied", "active", "paused"]
    )
    assert.strictEqual(probe.writes, 0)
    // Once more, as after a second crash: the ledger knows by now.
    const again = resumed(world)
    assert.strictEqual((yield* again.program).auditSequence, result.auditSequence)
    assert.strictEqual(again.probe.writes, 0)
    yield* Effect.forkDetach(Fiber.interrupt(killed))
  })
)

withLedger("what was killed before its write took effect is done", () =>
  Effect.gen(function* () {
    yield* atNoon
    const world = worldWith({ status: "on" })
    const killed = yield* stopped(world, { atCall: 2, afterEffect: false })
    yield* (yield* MemoryLedger).crash
    const { probe, program } = resumed(world)
    assert.strictEqual((yield* inTime(program))._tag, "Applied")
    assert.deepStrictEqual([probe.writes, world.status], [1, "off"])
    yield* Effect.forkDetach(Fiber.interrupt(killed))
  })
)

withLedger("what was never begun is done", () =>
  Effect.gen(function* () {
    yield* atNoon
    const world = worldWith({ status: "on" })
    const { probe, program } = resumed(world)
    assert.strictEqual((yield* program)._tag, "Applied")
    assert.strictEqual(probe.writes, 1)
  })
)

withLedger("what may still be under way elsewhere is left alone, unless nothing is", () =>
  Effect.gen(function* () {
    yield* atNoon
    const world = worldWith({ status: "on" })
    const running = yield* stopped(world, { atCall: 2, afterEffect: true })
    const early = resumed(world)
    const error = yield* Effect.flip(early.program)
    assert.strictEqual(error._tag, "AuditUnavailable")
    assert.isTrue("changeMayHaveHappened" in error && error.changeMayHaveHappened)
    assert.strictEqual(early.probe.calls, 0)
    const late = resumed(world, { settleOpen: true })
    assert.strictEqual((yield* late.program)._tag, "Applied")
    assert.strictEqual(late.probe.writes, 0)
    yield* Effect.forkDetach(Fiber.interrupt(running))
  })
)

withLedger("what cannot be known stays unknown, and is not tried again", () =>
  Effect.gen(function* () {
    yield* atNoon
    const world = worldWith({ status: "on" })
    const killed = yield* stopped(world, { atCall: 2, afterEffect: true })
    yield* (yield* MemoryLedger).crash
    // Somebody turns it on again: nobody can tell any more whether the pause had been made.
    world.set("on")
    const { probe, program } = resumed(world)
    assert.strictEqual((yield* Effect.flip(program))._tag, "OutcomeUnknown")
    assert.strictEqual(probe.writes, 0)
    yield* Effect.forkDetach(Fiber.interrupt(killed))
  })
)
