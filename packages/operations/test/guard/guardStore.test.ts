import { CampaignId } from "@campaignctl/core"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import fc from "fast-check"
import { inject } from "vitest"
import { type Cycle, GuardStore, type Supervision } from "../../src/guard/GuardStore.ts"
import { makeMemoryGuardStore } from "../../src/guard/memoryGuardStore.ts"
import { guardStoreSql } from "../../src/guard/sqlGuardStore.ts"
import { databases } from "../support/databases.ts"

const RUNS = 100 * inject("scale")

const id = fc
  .nat({ max: 5 })
  .map((number) => CampaignId.make(`77777777-7777-4777-8777-00000000000${number}`))
const instant = fc.integer({ min: 0, max: 4_102_444_800_000 })
const row = fc.record({
  campaignId: id,
  name: fc.string({ unit: "grapheme" }),
  divisionId: fc.option(fc.string()),
  state: fc.constantFrom("active" as const, "paused" as const),
  window: fc.constantFrom("open" as const, "unknown" as const),
  agents: fc.constantFrom("short" as const, "not needed" as const),
  available: fc.option(fc.nat()),
  minimumAgents: fc.nat(),
  next: fc.record({
    act: fc.constantFrom("pause" as const, "none" as const),
    at: fc.option(instant),
    why: fc.string({ unit: "grapheme" })
  }),
  acts: fc.nat(),
  memory: fc.record({
    baseline: fc.constantFrom("active" as const, null),
    shortSince: fc.option(instant),
    unknownSince: fc.option(instant),
    fitSince: fc.option(instant),
    claim: fc.option(
      fc.record({
        sequence: fc.nat(),
        lock: fc.string(),
        draining: fc.boolean(),
        touched: fc.boolean()
      })
    ),
    suspect: fc.option(fc.record({ sequence: fc.nat() })),
    drift: fc.constant(null),
    notBefore: instant,
    last: fc.option(
      fc.record({
        act: fc.constantFrom("pause" as const, "resume" as const),
        at: instant,
        result: fc.string()
      })
    )
  })
})
const cycle = fc.record({
  startedAt: instant,
  tookMs: fc.nat(),
  campaigns: fc.nat(),
  begun: fc.nat(),
  nextAt: instant,
  failure: fc.option(fc.string())
})
type Saves = ReadonlyArray<{
  readonly changed: ReadonlyArray<Supervision>
  readonly gone: ReadonlyArray<CampaignId>
  readonly cycle: Cycle | null
}>
const saves: fc.Arbitrary<Saves> = fc.array(
  fc.record({
    changed: fc.uniqueArray(row, { selector: ({ campaignId }) => campaignId }),
    gone: fc.array(id),
    cycle: fc.option(cycle)
  }),
  { maxLength: 5 }
)

const sorted = (rows: ReadonlyArray<Supervision>) =>
  rows.toSorted((one, other) => (one.campaignId < other.campaignId ? -1 : 1))

const empty = SqlClient.SqlClient.use((sql) =>
  Effect.andThen(sql`DELETE FROM guard_campaigns`, sql`DELETE FROM guard_cycle`)
)

it.live.each(databases)(
  "what the guard remembers is in %s what it would be in memory, after any saves",
  ([, database]) =>
    Effect.gen(function* () {
      const context = yield* Effect.context<GuardStore | SqlClient.SqlClient>()
      const kept = Effect.fnUntraced(function* (all: Saves) {
        yield* empty
        const sql = yield* GuardStore
        const memory = makeMemoryGuardStore()
        for (const { changed, cycle: report, gone } of all)
          for (const store of [sql, memory]) yield* store.save(changed, gone, report)
        assert.deepStrictEqual(sorted(yield* sql.load), sorted(yield* memory.load))
        assert.deepStrictEqual(yield* sql.lastCycle, yield* memory.lastCycle)
      })
      yield* Effect.promise(() =>
        fc.assert(
          fc.asyncProperty(saves, (all) => Effect.runPromise(Effect.provide(kept(all), context))),
          { numRuns: RUNS }
        )
      )
    }).pipe(Effect.provide(Layer.provideMerge(guardStoreSql, database), { local: true }))
)
