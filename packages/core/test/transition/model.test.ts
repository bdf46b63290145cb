import { expect, it } from "@effect/vitest"
import { Effect, Layer, ManagedRuntime } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { inject } from "vitest"
import { AuditLog, PauseReason, TargetState } from "../../src/index.ts"
import { memoryAuditLog, sequentialIds } from "../../src/testing/index.ts"
import * as Commands from "./commands.ts"
import type { Ask, Real } from "./runs.ts"
import { type Fault, STATUSES, World } from "./world.ts"

const HISTORIES = 10_000 * inject("scale")
const SEED = Number(process.env["CAMPAIGNCTL_TEST_SEED"] ?? Date.now() % 2 ** 31)
/** The histories begin at 08:00 UTC, an hour before the default window opens. */
const EIGHT_UTC_MS = Date.UTC(2026, 10, 23, 8)

const status = fc.constantFrom(...STATUSES)
const retryAfterMs = fc.constantFrom(0, 500, 2_000, 45_000, 170_000, 86_400_000)
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Fault>({ kind: "none" }) },
  { weight: 2, arbitrary: status.map((to): Fault => ({ kind: "otherWriter", status: to })) },
  { weight: 1, arbitrary: fc.constant<Fault>({ kind: "rateLimited" }) },
  {
    weight: 1,
    arbitrary: retryAfterMs.map((ms): Fault => ({ kind: "rateLimited", retryAfterMs: ms }))
  },
  { weight: 2, arbitrary: fc.constantFrom<Fault>({ kind: "lostBefore" }, { kind: "lostAfter" }) },
  {
    weight: 1,
    arbitrary: fc
      .integer({ min: 1, max: 6 })
      .map((afterCalls): Fault => ({ kind: "lands", afterCalls }))
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Fault>(
      { kind: "refused" },
      { kind: "notAuthenticated" },
      { kind: "budgetGone" },
      { kind: "gone" },
      { kind: "ignored" }
    )
  }
)

const overrides = fc
  .subarray(["capacity", "callingWindow"] as const)
  .map((guards) => guards.map((guard) => ({ guard, note: "model" })))
const ask: fc.Arbitrary<Ask> = fc.record({
  request: fc.record(
    {
      target: fc.constantFrom(...TargetState.literals),
      pauseReason: fc.constantFrom(...PauseReason.literals),
      overrides,
      restart: fc.boolean()
    },
    { requiredKeys: ["target"] }
  ),
  script: fc.array(fault, { maxLength: 12 }),
  capacityFails: fc.boolean(),
  seed: fc.nat()
})
const stop = fc.record({ atCall: fc.integer({ min: 1, max: 6 }), afterEffect: fc.boolean() })

const history = fc.commands(
  [
    ask.map(Commands.runOnce),
    ask.map(Commands.runOnce),
    fc.tuple(ask, ask).map(([one, two]) => Commands.runTwo(one, two)),
    fc.tuple(ask, stop).map(([asked, at]) => Commands.interrupted(asked, at)),
    fc.tuple(ask, stop).map(([asked, at]) => Commands.killed(asked, at)),
    fc.boolean().map(Commands.settleAll),
    status.map(Commands.otherWriter),
    fc.integer({ min: 0, max: 3 }).map(Commands.agents),
    fc.integer({ min: 0, max: 2 }).map(Commands.calls),
    fc.integer({ min: 1, max: 700 }).map(Commands.advance)
  ],
  { maxCommands: 8, size: "max" }
)

const setup = (): Real => ({
  world: new World(),
  runtime: ManagedRuntime.make(
    memoryAuditLog.pipe(Layer.provide(sequentialIds), Layer.provideMerge(TestClock.layer()))
  ),
  runs: 0
})

/** After everything: a restart settles what is open, and the ledger is whole. */
const finish = (real: Real) =>
  Effect.gen(function* () {
    yield* Commands.killEverything
    yield* Commands.settling(real, false)
    yield* Commands.expectNoOpenIntent()
    const verification = yield* (yield* AuditLog).verify
    if (verification._tag === "Broken") throw new Error(verification.why)
  })

it(
  `keeps its promises over ${HISTORIES} histories of faults, other writers, crashes and lost replies`,
  async () => {
    let runs = 0
    await fc.assert(
      fc.asyncProperty(history, async (commands) => {
        const real = setup()
        await real.runtime.runPromise(TestClock.setTime(EIGHT_UTC_MS))
        await fc.asyncModelRun(() => ({ model: {}, real }), commands)
        await real.runtime.runPromise(finish(real))
        await real.runtime.dispose()
        runs += real.runs
      }),
      { numRuns: HISTORIES, seed: SEED, endOnFailure: false }
    )
    console.info(`model: ${HISTORIES} histories, ${runs} runs, seed ${SEED}`)
    expect(runs).toBeGreaterThan(HISTORIES)
  },
  // Ten thousand take half a minute on two cores.
  120_000 * inject("scale")
)
