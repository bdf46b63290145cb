import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { Schedules } from "../../../src/index.ts"
import { cancelLateStarts } from "../../../src/schedules/firing/lateStarts.ts"
import { FIRINGS_KEPT_MS, look } from "../../../src/schedules/firing/fireForever.ts"
import { ScheduleStore } from "../../../src/schedules/kept/ScheduleStore.ts"
import { databases } from "../../support/databases.ts"
import { at } from "../support.ts"
import { add, closing, fire, firingOn, firings, on, opening, submitted, told } from "./firingOn.ts"

describe.each(databases)("the settling of schedules in %s", (_name, database) => {
  const tries = firingOn(database)

  tries(
    "are fired once by many at the same time",
    Effect.gen(function* () {
      yield* add(opening)
      yield* add({ ...opening, name: "open south", selector: { divisionIds: ["south"] } })
      yield* on(23, "09:00:00")
      const fired = yield* Effect.all([fire, fire, fire, fire], { concurrency: "unbounded" })
      assert.deepStrictEqual(
        fired.map(({ length }) => length).filter((count) => count > 0),
        [2]
      )
      assert.lengthOf(yield* submitted, 2)
    })
  )

  tries(
    "are not fired by a process that stood still while another settled them",
    Effect.gen(function* () {
      const store = yield* ScheduleStore
      yield* add(opening)
      yield* on(23, "09:00:00")
      const later = on(23, "12:00:00").pipe(
        Effect.andThen(fire),
        Effect.provideService(ScheduleStore, store),
        Effect.orDie
      )
      const stalled = Effect.provideService(fire, ScheduleStore, {
        ...store,
        firedSince: (since, now) => Effect.tap(store.firedSince(since, now), () => later)
      })
      assert.isEmpty(yield* stalled)
      assert.isEmpty(yield* submitted)
      assert.deepStrictEqual(yield* told("open"), ["2026-11-23T09:00:00.000Z skipped"])
    })
  )

  tries(
    "have their starts cancelled that were left undone by an outage longer than the grace",
    Effect.gen(function* () {
      const store = yield* ScheduleStore
      const cancelled = Effect.map(submitted, (all) =>
        all
          .filter(({ cancelRequested }) => cancelRequested)
          .map(({ spec }) => spec._tag === "Fleet" && spec.selector.divisionIds?.[0])
      )
      yield* add(opening)
      yield* add({
        ...opening,
        name: "open south",
        selector: { divisionIds: ["south"] },
        startGraceMs: 7_200_000
      })
      yield* add({
        ...closing,
        when: { cron: "0 9 * * *", zone: "UTC" },
        selector: { divisionIds: ["west"] }
      })
      yield* on(23, "09:00:00")
      assert.lengthOf(yield* fire, 3)
      // A start may take as long as it takes while somebody is there.
      yield* store.seen(at("2026-11-23T09:59:50Z"))
      yield* on(23, "10:00:00")
      yield* cancelLateStarts()
      assert.isEmpty(yield* cancelled)
      // Nor does an absence end it that is shorter than its grace.
      yield* store.seen(at("2026-11-23T09:59:00Z"))
      yield* cancelLateStarts()
      assert.isEmpty(yield* cancelled)
      yield* store.seen(at("2026-11-23T09:00:10Z"))
      yield* cancelLateStarts()
      assert.deepStrictEqual(yield* cancelled, ["north"])
      yield* on(23, "14:00:00")
      yield* cancelLateStarts()
      assert.sameMembers([...(yield* cancelled)], ["north", "south"])
    })
  )

  tries(
    "are looked at when the next is due, and after a second at the latest",
    Effect.gen(function* () {
      assert.strictEqual(yield* look({}, () => Effect.void), 1_000)
      yield* add(opening)
      assert.strictEqual(yield* look({}, () => Effect.void), 1_000)
      yield* on(23, "08:59:59.400")
      assert.strictEqual(yield* look({}, () => Effect.void), 600)
    })
  )

  tries(
    "forget a firing once it is old",
    Effect.gen(function* () {
      yield* add(opening)
      yield* on(23, "09:00:00")
      yield* fire
      const store = yield* ScheduleStore
      yield* store.forget(at("2026-11-23T09:00:00Z"))
      assert.lengthOf(yield* firings("open"), 1)
      yield* store.forget(at("2026-11-23T09:00:00Z") + FIRINGS_KEPT_MS)
      assert.isEmpty(yield* firings("open"))
      assert.isNull((yield* Schedules.use((schedules) => schedules.get("open"))).lastFiring)
    })
  )
})
