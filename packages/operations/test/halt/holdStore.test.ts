import { AuditUnavailable, type HoldScope, Holds } from "@campaignctl/core"
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { holdsFromStore, HoldStore, holdStoreSql, type NewHold } from "../../src/halt/index.ts"
import { databases } from "../support/databases.ts"
import { memoryHoldStore } from "./support/memoryHoldStore.ts"

const held = (id: number, name = "Easter", scope: HoldScope = {}): NewHold => ({
  id: `00000000-0000-7000-8000-${String(id).padStart(12, "0")}`,
  name,
  scope,
  raisedBy: "ada",
  raisedAt: `2026-11-23T12:00:0${id}.000Z`,
  reason: "COMPLIANCE: recall",
  source: "cli",
  requestId: "halt-1"
})

const lift = {
  liftedBy: "bob",
  liftedAt: "2026-11-23T13:00:00.000Z",
  note: "all clear",
  sequence: 9
}

const stores: ReadonlyArray<readonly [string, Layer.Layer<HoldStore>]> = [
  ["memory", memoryHoldStore],
  ...databases.map(
    ([name, database]) => [name, Layer.orDie(Layer.provideMerge(holdStoreSql, database))] as const
  )
]

describe.each(stores)("holds in %s", (_name, layer) => {
  const on = (name: string, test: Effect.Effect<void, unknown, HoldStore>): void =>
    it.live(name, () => Effect.provide(test, layer, { local: true }))
  const active = HoldStore.use((store) => store.list({ active: true }))

  on(
    "keep everything that is known of a hold, from its raising to its lifting",
    Effect.gen(function* () {
      const store = yield* HoldStore
      const scope = { divisionIds: ["a"], namePattern: "Sales “*" }
      const raised = yield* store.raise(held(1, "Easter “1”", scope))
      expect(raised).toEqual({
        ...held(1, "Easter “1”", scope),
        raisedSequence: null,
        liftedBy: null,
        liftedAt: null,
        liftNote: null,
        liftedSequence: null
      })
      yield* store.recorded(raised.id, 5)
      yield* store.recorded(raised.id, 6)
      expect(yield* active).toEqual([{ ...raised, raisedSequence: 5 }])
      yield* store.lift(raised.id, lift)
      yield* store.lift(raised.id, { ...lift, liftedBy: "too late" })
      expect(yield* active).toEqual([])
      expect(yield* store.list({ active: false })).toEqual([
        {
          ...raised,
          raisedSequence: 5,
          liftedBy: "bob",
          liftedAt: lift.liftedAt,
          liftNote: "all clear",
          liftedSequence: 9
        }
      ])
    })
  )

  on(
    "join a hold of the same name and scope, and keep others of that name beside it",
    Effect.gen(function* () {
      const store = yield* HoldStore
      const first = yield* store.raise(held(1, "Easter", { namePattern: "a", divisionIds: ["d"] }))
      const same = held(2, "Easter", { divisionIds: ["d"], namePattern: "a" })
      expect(yield* store.raise(same)).toEqual(first)
      yield* store.raise(held(3))
      yield* store.raise(held(4, "Other"))
      expect((yield* active).map(({ id }) => Number(id.slice(-1)))).toEqual([4, 3, 1])
      expect((yield* store.list({ name: "Easter", limit: 1 })).length).toBe(1)
      yield* store.lift(first.id, lift)
      expect((yield* store.raise(same)).id).toBe(same.id)
    })
  )

  on(
    "raised by many at once are one hold",
    Effect.gen(function* () {
      const store = yield* HoldStore
      const raised = yield* Effect.forEach(
        [1, 2, 3, 4, 5, 6, 7, 8],
        (id) => store.raise(held(id)),
        { concurrency: "unbounded" }
      )
      expect(new Set(raised.map(({ id }) => id)).size).toBe(1)
      expect((yield* active).length).toBe(1)
    })
  )

  on(
    "hold what they hold, as the guard sees it",
    Effect.gen(function* () {
      const store = yield* HoldStore
      yield* store.raise(held(1))
      const holds = yield* Effect.provide(Holds, holdsFromStore)
      expect(yield* holds.active).toMatchObject([{ name: "Easter", raisedBy: "ada", scope: {} }])
    })
  )
})

it.live.each(databases)("holds in %s let nothing start while they cannot be read", ([, database]) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    const store = yield* HoldStore
    const holds = yield* Effect.provide(Holds, holdsFromStore)
    yield* store.raise(held(1))
    yield* sql`UPDATE holds SET scope = '{"ids": 7}'`
    expect(yield* Effect.flip(holds.active)).toBeInstanceOf(AuditUnavailable)
    yield* sql`DROP TABLE holds`
    expect(yield* Effect.flip(holds.active)).toBeInstanceOf(AuditUnavailable)
  }).pipe(Effect.provide(Layer.provideMerge(holdStoreSql, database), { local: true }))
)
