import { AuditLog, defaultGuardPolicy, defaultRetryPolicy, Settings } from "@campaignctl/core"
import { memoryAuditLog, MemoryLedger, sequentialIds } from "@campaignctl/core/testing"
import { expect, it } from "@effect/vitest"
import { Effect, Layer, Logger, ManagedRuntime, Random } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { inject } from "vitest"
import { GuardStore } from "../../src/guard/GuardStore.ts"
import { makeMemoryGuardStore } from "../../src/guard/memoryGuardStore.ts"
import { type History, history, play } from "./history.ts"
import { check } from "./rules.ts"
import { World } from "./world.ts"

const HISTORIES = 1_000 * inject("scale")
const SEED = Number(process.env["CAMPAIGNCTL_TEST_SEED"] ?? Date.now() % 2 ** 31)

const settings = { guards: defaultGuardPolicy, retry: defaultRetryPolicy, governanceLevel: "L3" }

const run = (told: History) =>
  Effect.gen(function* () {
    const from = Date.parse(told.begins)
    yield* TestClock.setTime(from)
    const ledger = yield* MemoryLedger
    const world = new World(told)
    for (const [index, status] of told.statuses.entries())
      world.add(index, told.hours[index] ?? "always", status, from)
    world.entries = () => Effect.runSync(ledger.entries)
    const absences = yield* play(world, told)
    const entries = yield* ledger.entries
    check(world, told, absences, entries, from, absences.ended)
    const verification = yield* (yield* AuditLog).verify
    if (verification._tag === "Broken") throw new Error(verification.why)
    return world.writes.length
  }).pipe(
    Random.withSeed(told.seed),
    Effect.provideService(Settings, settings),
    Effect.provideService(GuardStore, makeMemoryGuardStore())
  )

it(`keeps its promises over ${HISTORIES} histories of agents, hours, people, Edges, faults and crashes`, async () => {
  let writes = 0
  await fc.assert(
    fc.asyncProperty(history, async (told) => {
      const runtime = ManagedRuntime.make(
        memoryAuditLog.pipe(
          Layer.provide(sequentialIds),
          Layer.provideMerge(TestClock.layer()),
          Layer.provideMerge(Logger.layer([]))
        )
      )
      writes += await runtime.runPromise(run(told))
      await runtime.dispose()
    }),
    { numRuns: HISTORIES, seed: SEED, endOnFailure: false }
  )
  console.info(`guard: ${HISTORIES} histories, ${writes} changes by the guard, seed ${SEED}`)
  expect(writes).toBeGreaterThan(HISTORIES)
})
