import { defaultGuardPolicy, defaultRetryPolicy, Settings } from "@campaignctl/core"
import { memoryAuditLog, MemoryLedger, sequentialIds } from "@campaignctl/core/testing"
import { expect, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { GuardStore } from "../../src/guard/GuardStore.ts"
import { makeMemoryGuardStore } from "../../src/guard/memoryGuardStore.ts"
import { supervise } from "../../src/guard/supervise.ts"
import { Transitions } from "../../src/ports/Transitions.ts"
import { POLICY } from "./history.ts"
import { portsOf } from "./process.ts"
import { World } from "./world.ts"

/** Half an hour before the hours end in Berlin. */
const HALF_PAST_SEVEN = Date.parse("2026-11-23T18:30:00Z")
const MINUTE_MS = 60_000
/** One more than the starts that are under way at once. */
const CAMPAIGNS = 3

const settings = { guards: defaultGuardPolicy, retry: defaultRetryPolicy, governanceLevel: "L3" }

/** Transitions of which a start never ends, as where Genesys answers none of its requests. */
const startsHang = Layer.effect(
  Transitions,
  Effect.map(Transitions, (direct) => ({
    ...direct,
    run: (request) => (request.target === "active" ? Effect.never : direct.run(request))
  }))
).pipe(Layer.provide(Transitions.layerDirect))

it.effect("pauses what dials outside its window while it waits for its turn to be resumed", () =>
  Effect.gen(function* () {
    yield* TestClock.setTime(HALF_PAST_SEVEN)
    const ledger = yield* MemoryLedger
    const world = new World({
      seed: 1,
      drainBumps: false,
      hasCalls: false,
      callSeconds: 40,
      drift: "report",
      revertStops: false
    })
    world.entries = () => Effect.runSync(ledger.entries)
    const held = Array.from({ length: CAMPAIGNS }, (_, index) =>
      world.add(index, "day", "on", HALF_PAST_SEVEN)
    )
    const ports = yield* portsOf(world, "guard", { dead: false })
    yield* Effect.forkScoped(
      supervise(POLICY).pipe(
        Effect.provide(Layer.provide(startsHang, Layer.succeedContext(ports))),
        Effect.provideContext(ports)
      )
    )
    const pass = (minutes: number, agents: number) =>
      Effect.gen(function* () {
        for (const index of held.keys()) world.setAgents(index, agents, HALF_PAST_SEVEN)
        yield* TestClock.adjust(minutes * MINUTE_MS)
      })
    yield* pass(5, 0)
    expect(held.map(({ status }) => status)).toEqual(held.map(() => "off"))
    // All are to be resumed: two are under way for ever, and the others wait.
    yield* pass(6, 5)
    const entries = yield* ledger.entries
    expect(entries.filter(({ targetState }) => targetState === "paused").length).toBe(2 * CAMPAIGNS)
    // Somebody starts all of them in the meantime.
    for (const one of held) world.turn(one, true, "human", HALF_PAST_SEVEN + 11 * MINUTE_MS)
    yield* pass(20, 5)
    const stillActive = held.filter(({ status }) => status === "on")
    expect(stillActive.length).toBe(2)
  }).pipe(
    Effect.provideService(Settings, settings),
    Effect.provideService(GuardStore, makeMemoryGuardStore()),
    Effect.provide(
      memoryAuditLog.pipe(Layer.provide(sequentialIds), Layer.provideMerge(Logger.layer([])))
    ),
    Effect.scoped
  )
)
