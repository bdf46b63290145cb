import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { AsyncCommand } from "fast-check"
import { type AuditLog, settle, settleLanded } from "../../src/index.ts"
import { MemoryLedger } from "../../src/testing/index.ts"
import { inTime } from "./fixtures.ts"
import { Broken, CAMPAIGN, portsOf, Probe, type Stop } from "./probe.ts"
import { type Ask, checkEnd, drive, type Real, start } from "./runs.ts"
import type { Status } from "./world.ts"

/** One command of a history. */
export type Command = AsyncCommand<object, Real>

const command = (
  name: string,
  act: (real: Real) => Effect.Effect<void, unknown, AuditLog | MemoryLedger>
): Command => ({
  check: () => true,
  run: (_model, real) => real.runtime.runPromise(act(real)),
  toString: () => name
})

/** One run to its end. Where it says success, the same request again must change nothing. */
export const runOnce = (ask: Ask): Command =>
  command(`run ${show(ask)}`, (real) =>
    Effect.gen(function* () {
      const started = yield* start(real, ask)
      const exit = yield* drive(started)
      if (exit === undefined) throw new Broken("a run without a stop was stopped")
      checkEnd(started, exit, true)
      // A write of an earlier run that is still on its way may land in between.
      if (exit._tag === "Failure" || real.world.inFlight.length > 0) return
      const { landed } = real.world
      const again = yield* start(real, { ...ask, script: [], capacityFails: false })
      const second = yield* drive(again)
      if (second?._tag !== "Success") throw new Broken("what had succeeded failed when asked again")
      if (real.world.landed !== landed) throw new Broken("asking again changed Genesys")
    })
  )

/** Two runs at once, as two terminals would start them. */
export const runTwo = (first: Ask, second: Ask): Command =>
  command(`together ${show(first)} and ${show(second)}`, (real) =>
    Effect.gen(function* () {
      const one = yield* start(real, first)
      const two = yield* start(real, second)
      for (const started of [one, two]) {
        const exit = yield* drive(started)
        if (exit !== undefined) checkEnd(started, exit, false)
      }
    })
  )

/** A run that is interrupted, as by Ctrl-C: its intent must have its outcome when it has ended. */
export const interrupted = (ask: Ask, stop: Stop): Command =>
  command(`interrupted ${show({ stop, ask })}`, (real) =>
    Effect.gen(function* () {
      const started = yield* start(real, ask, stop)
      const exit = yield* drive(started)
      if (exit !== undefined) return checkEnd(started, exit, true)
      const ending = yield* Effect.forkChild(Fiber.interrupt(started.fiber))
      // The finalizer may wait for a read that never answers; it is bounded.
      yield* TestClock.adjust("10 seconds")
      yield* Fiber.join(ending)
      yield* expectNoOpenIntent(started.probe.request.requestedBy)
    })
  )

/** A run whose process is killed: nothing of it goes on, not even its finalizers. */
export const killed = (ask: Ask, stop: Stop): Command =>
  command(`killed ${show({ stop, ask })}`, (real) =>
    Effect.gen(function* () {
      const started = yield* start(real, ask, stop)
      const exit = yield* drive(started)
      if (exit !== undefined) return checkEnd(started, exit, true)
      yield* (yield* MemoryLedger).crash
    })
  )

/** The next start: every intent of a process that is gone gets its outcome, and a true one. */
export const settleAll = (patient: boolean): Command =>
  command(patient ? "settle what has landed" : "settle", (real) => settling(real, patient))

export const settling = Effect.fnUntraced(function* (real: Real, patient: boolean) {
  const probe = new Probe(
    real.world,
    { campaignId: CAMPAIGN, target: "paused", requestedBy: "settle", source: "library" },
    [],
    undefined
  )
  const settled = yield* inTime(patient ? settleLanded : settle).pipe(
    Effect.provide(portsOf(probe, false))
  )
  for (const { entry, intent, result } of settled) {
    if (result === "postponed") throw new Broken("Genesys answered, and settling was postponed")
    if (entry?.intentId !== intent.id) throw new Broken("settling wrote no outcome for the intent")
  }
})

export const otherWriter = (status: Status): Command =>
  command(`another writer sets ${status}`, ({ world }) => Effect.sync(() => world.set(status)))

export const agents = (count: number): Command =>
  command(`${count} agents`, ({ world }) => Effect.sync(() => void (world.agents = count)))

export const calls = (count: number): Command =>
  command(`${count} calls`, ({ world }) =>
    Effect.sync(() => (count === 0 ? world.endCalls() : void (world.calls = count)))
  )

export const advance = (minutes: number): Command =>
  command(`${minutes} minutes pass`, () => TestClock.adjust(`${minutes} minutes`))

/** An intent has one outcome, at the most, always; none may be open once its run has ended. */
export const expectNoOpenIntent = Effect.fnUntraced(function* (requestedBy?: string) {
  const entries = yield* (yield* MemoryLedger).entries
  const settledIntents = new Set(entries.map(({ intentId }) => intentId))
  const open = entries.find(
    (entry) =>
      entry.kind === "intent" &&
      !settledIntents.has(entry.id) &&
      (requestedBy === undefined || entry.requestedBy === requestedBy)
  )
  if (open !== undefined)
    throw new Broken(`intent ${open.sequence} of ${open.requestedBy} has no outcome`)
})

const show = (value: unknown): string => JSON.stringify(value)

/** Every process ends at once. */
export const killEverything = Effect.flatMap(MemoryLedger, ({ crash }) => crash)
