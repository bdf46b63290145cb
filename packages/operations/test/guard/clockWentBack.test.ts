import { defaultGuardPolicy, defaultRetryPolicy, Settings } from "@campaignctl/core"
import { memoryAuditLog, MemoryLedger, sequentialIds } from "@campaignctl/core/testing"
import { expect, it } from "@effect/vitest"
import { Effect, Layer, Logger } from "effect"
import { TestClock } from "effect/testing"
import { newMemory } from "../../src/guard/GuardMemory.ts"
import { GuardStore } from "../../src/guard/GuardStore.ts"
import { makeMemoryGuardStore } from "../../src/guard/memoryGuardStore.ts"
import { POLICY } from "./history.ts"
import { startGuard } from "./process.ts"
import { World } from "./world.ts"

const NOON = Date.parse("2026-11-23T12:00:00Z")
/** What the clock showed by mistake. */
const TOMORROW = NOON + 86_400_000

const settings = { guards: defaultGuardPolicy, retry: defaultRetryPolicy, governanceLevel: "L3" }

it.effect.each([
  ["short of agents", "AGENT_CAPACITY", { shortSince: TOMORROW, notBefore: TOMORROW }],
  ["without a known window", "COMPLIANCE", { unknownSince: TOMORROW }]
] as const)("pauses what is %s although its clock went back by a day", ([, reason, remembered]) =>
  Effect.gen(function* () {
    yield* TestClock.setTime(NOON)
    const ledger = yield* MemoryLedger
    const world = new World({
      seed: 1,
      drainBumps: false,
      hasCalls: false,
      callSeconds: 0,
      drift: "report",
      revertStops: false
    })
    world.entries = () => Effect.runSync(ledger.entries)
    const held = world.add(0, "always", "on", NOON)
    world.setAgents(0, reason === "AGENT_CAPACITY" ? 0 : 5, NOON)
    world.windowsUnknown = reason === "COMPLIANCE"
    const store = yield* GuardStore
    yield* store.save(
      [
        {
          campaignId: held.id,
          name: "Campaign",
          divisionId: null,
          state: "active",
          window: "open",
          agents: "short",
          available: 0,
          minimumAgents: 2,
          next: { act: "none", at: null, why: "" },
          acts: 0,
          memory: { ...newMemory, baseline: "active", ...remembered }
        }
      ],
      [],
      {
        startedAt: TOMORROW,
        tookMs: 0,
        campaigns: 1,
        begun: 0,
        nextAt: TOMORROW,
        failure: null
      }
    )
    const guard = yield* startGuard(world, POLICY)
    yield* TestClock.adjust(5 * 60_000)
    yield* guard.kill
    expect(world.writes.map((write) => write.reason)).toEqual([reason])
  }).pipe(
    Effect.provideService(Settings, settings),
    Effect.provideService(GuardStore, makeMemoryGuardStore()),
    Effect.provide(
      memoryAuditLog.pipe(Layer.provide(sequentialIds), Layer.provideMerge(Logger.layer([])))
    )
  )
)
