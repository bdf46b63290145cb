import { AuditLog, defaultGuardPolicy, defaultRetryPolicy, Settings } from "@campaignctl/core"
import { memoryAuditLog, MemoryLedger, sequentialIds } from "@campaignctl/core/testing"
import { Effect, Layer, Logger, ManagedRuntime, Random } from "effect"
import { TestClock } from "effect/testing"
import { GuardStore } from "../../src/guard/GuardStore.ts"
import { makeMemoryGuardStore } from "../../src/guard/memoryGuardStore.ts"
import { type History, play } from "./history.ts"
import { World } from "./world.ts"

const settings = { guards: defaultGuardPolicy, retry: defaultRetryPolicy, governanceLevel: "L3" }

const run = Effect.fnUntraced(function* (told: History) {
  const from = Date.parse(told.begins)
  yield* TestClock.setTime(from)
  const ledger = yield* MemoryLedger
  const world = new World(told)
  for (const [index, status] of told.statuses.entries())
    world.add(index, told.hours[index] ?? "always", status, from)
  world.entries = () => Effect.runSync(ledger.entries)
  const absences = yield* play(world, told)
  const entries = yield* ledger.entries
  const verification = yield* (yield* AuditLog).verify
  return { world, absences, entries, from, verification }
})

/** A history from its beginning to its end, and what there is to see of it then. */
export const relive = async (told: History) => {
  const runtime = ManagedRuntime.make(
    memoryAuditLog.pipe(
      Layer.provide(sequentialIds),
      Layer.provideMerge(TestClock.layer()),
      Layer.provideMerge(Logger.layer([]))
    )
  )
  const seen = await runtime.runPromise(
    run(told).pipe(
      Random.withSeed(told.seed),
      Effect.provideService(Settings, settings),
      Effect.provideService(GuardStore, makeMemoryGuardStore())
    )
  )
  await runtime.dispose()
  return seen
}
