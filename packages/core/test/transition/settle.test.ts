import { assert } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { settle, settleLanded } from "../../src/index.ts"
import { MemoryLedger } from "../../src/testing/index.ts"
import { atNoon, inTime, requestFor, running, withLedger, worldWith } from "./fixtures.ts"
import { portsOf, Probe, type Stop } from "./probe.ts"
import type { Fault, World } from "./world.ts"

/** A run that is killed at its write, and the next start, which finds what happened. */
const afterKill = (
  world: World,
  stop: Stop,
  meanwhile: (world: World) => void,
  { landsAfterMs, patient = true, script = [] }: Pick<Case, "script" | "landsAfterMs" | "patient">
) =>
  Effect.gen(function* () {
    yield* atNoon
    const { probe, program } = running(world, requestFor({ target: "active" }), [], { stop })
    const fiber = yield* Effect.forkDetach(program)
    yield* TestClock.adjust(1)
    assert.isTrue(probe.reachedStop)
    yield* (yield* MemoryLedger).crash
    meanwhile(world)
    const next = new Probe(world, requestFor({ target: "paused" }), script, undefined)
    if (landsAfterMs !== undefined)
      yield* Effect.forkChild(
        Effect.delay(
          Effect.sync(() => world.set("on")),
          landsAfterMs
        )
      )
    const settled = yield* inTime(patient ? settleLanded : settle).pipe(
      Effect.provide(portsOf(next, false))
    )
    assert.isUndefined(fiber.pollUnsafe())
    yield* Effect.forkDetach(Fiber.interrupt(fiber))
    return settled
  })

withLedger("an intent older than what the ledger knows of the campaign settles nothing", () =>
  Effect.gen(function* () {
    yield* atNoon
    const world = worldWith({ status: "on" })
    const stop = { atCall: 2, afterEffect: true }
    const killed = running(world, requestFor({ target: "archived" }), [], { stop })
    const fiber = yield* Effect.forkDetach(killed.program)
    yield* TestClock.adjust(1)
    assert.strictEqual(world.status, "off")
    yield* (yield* MemoryLedger).crash
    // Somebody who was at work already, and so settled nothing first, starts and pauses the campaign.
    yield* running(world, requestFor({ target: "active" })).program
    yield* running(world, requestFor({ target: "paused", pauseReason: "OTHER" })).program
    const next = new Probe(world, requestFor({ target: "active" }), [], undefined)
    const settled = yield* settle.pipe(Effect.provide(portsOf(next, false)))
    assert.deepStrictEqual(
      settled.map(({ entry, result }) => ({ result, success: entry?.success })),
      [{ result: "unknown", success: false }]
    )
    const again = yield* running(world, requestFor({ target: "active" })).program
    assert.strictEqual(again.from, "paused")
    yield* Effect.forkDetach(Fiber.interrupt(fiber))
  })
)

interface Case {
  readonly name: string
  readonly afterEffect: boolean
  readonly meanwhile: (world: World) => void
  readonly script?: ReadonlyArray<Fault>
  /** Milliseconds after the start at which the killed run's write takes effect, where it had not. */
  readonly landsAfterMs?: number
  /** False where nothing that is on its way is waited for. */
  readonly patient?: boolean
  readonly expected: { readonly result: string; readonly success: boolean | undefined }
}

const cases: ReadonlyArray<Case> = [
  {
    name: "a change that was made is recovered",
    afterEffect: true,
    meanwhile: () => {},
    expected: { result: "recovered", success: true }
  },
  {
    name: "a change that was not made is recovered as not made",
    afterEffect: false,
    meanwhile: () => {},
    expected: { result: "recovered", success: false }
  },
  ...[1, 700, 1_999].map((landsAfterMs) => ({
    name: `a change that lands ${landsAfterMs} ms late is recovered as made`,
    afterEffect: false,
    meanwhile: () => {},
    landsAfterMs,
    expected: { result: "recovered", success: true }
  })),
  {
    name: "a change that lands late is not waited for at a start",
    afterEffect: false,
    meanwhile: () => {},
    landsAfterMs: 1,
    patient: false,
    expected: { result: "recovered", success: false }
  },
  {
    name: "a campaign that Genesys does not show again postpones it",
    afterEffect: false,
    meanwhile: () => {},
    script: [{ kind: "none" }, { kind: "lostBefore" }],
    expected: { result: "postponed", success: undefined }
  },
  {
    name: "a campaign written to since leaves it unknown",
    afterEffect: false,
    meanwhile: (world) => world.set("off"),
    expected: { result: "unknown", success: false }
  },
  {
    name: "a campaign that is gone leaves it unknown",
    afterEffect: true,
    meanwhile: () => {},
    script: [{ kind: "gone" }],
    expected: { result: "unknown", success: false }
  },
  {
    name: "Genesys out of reach postpones it",
    afterEffect: false,
    meanwhile: () => {},
    script: [{ kind: "lostBefore" }],
    expected: { result: "postponed", success: undefined }
  }
]

for (const { afterEffect, expected, meanwhile, name, ...given } of cases)
  withLedger(`${name}, at the next start`, () =>
    Effect.gen(function* () {
      const settled = yield* afterKill(
        worldWith({ status: "off" }),
        { atCall: 2, afterEffect },
        meanwhile,
        given
      )
      assert.deepStrictEqual(
        settled.map(({ entry, result }) => ({ result, success: entry?.success })),
        [expected]
      )
    })
  )
