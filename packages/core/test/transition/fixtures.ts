import { it } from "@effect/vitest"
import { Clock, Effect, Fiber, Layer, Random } from "effect"
import { TestClock } from "effect/testing"
import {
  type AuditLog,
  Progress,
  type ProgressEvent,
  transition,
  type TransitionRequest
} from "../../src/index.ts"
import { memoryAuditLog, MemoryLedger, sequentialIds } from "../../src/testing/index.ts"
import { CAMPAIGN, portsOf, Probe, type Stop } from "./probe.ts"
import { type Fault, World } from "./world.ts"

/** Noon, UTC: within the default window. */
const NOON_MS = Date.UTC(2026, 10, 23, 12)

/** A world with agents, on a ledger in memory and a clock that stands at noon. */
export const worldWith = (
  change: Partial<Pick<World, "status" | "agents" | "calls" | "countingMs" | "hasQueue">> = {}
): World => Object.assign(new World(), { agents: 5, ...change })

const ledger = memoryAuditLog.pipe(Layer.provide(sequentialIds))

export const requestFor = (
  part: Pick<TransitionRequest, "target"> & Partial<TransitionRequest>
): TransitionRequest => ({
  campaignId: CAMPAIGN,
  requestedBy: "ada",
  source: "library",
  ...part
})

/** One transition with its probe, the events that it reported, and the times at which they came. */
export const running = (
  world: World,
  request: TransitionRequest,
  script: ReadonlyArray<Fault> = [],
  options: { readonly stop?: Stop; readonly capacityFails?: boolean } = {}
) => {
  const probe = new Probe(world, request, script, options.stop)
  const events: Array<ProgressEvent & { readonly at: number }> = []
  const program = transition(request).pipe(
    Random.withSeed(1),
    Effect.provide(portsOf(probe, options.capacityFails ?? false)),
    Effect.provideService(Progress, {
      report: (event) =>
        Effect.map(Clock.currentTimeMillis, (at) => void events.push({ ...event, at }))
    })
  )
  return { probe, events, program }
}

export const atNoon = TestClock.setTime(NOON_MS)

/** What settles intents, while time goes on for longer than a lost write may be on its way. */
export const inTime = <A, E, R>(settling: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(settling)
    yield* TestClock.adjust("5 seconds")
    return yield* Fiber.join(fiber)
  })

/** A test on a ledger of its own. */
export const withLedger = (
  name: string,
  test: () => Effect.Effect<void, unknown, AuditLog | MemoryLedger>
): void => it.effect(name, () => Effect.provide(test(), ledger))

/** What the ledger holds. */
export const entriesOf = Effect.flatMap(MemoryLedger, ({ entries }) => entries)
