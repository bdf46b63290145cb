import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import {
  type HolidayLists,
  layerSchedules,
  type ScheduleDraft,
  Schedules
} from "../../../src/index.ts"
import { fireDue } from "../../../src/schedules/firing/fireDue.ts"
import { refresh } from "../../../src/schedules/firing/fireForever.ts"
import { databases } from "../../support/databases.ts"
import { add, closing, fire, firingOn, firings, on, opening, told } from "./firingOn.ts"

describe.each(databases)("schedules with holidays, fired from %s", (_name, database) => {
  const tries = firingOn(database)

  const germany: HolidayLists = { germany: [] }

  tries(
    "fire a stop although its holiday list is gone, a start never, and both when it is back",
    Effect.gen(function* () {
      const withHolidays = (draft: ScheduleDraft) => ({
        ...draft,
        when: { cron: "0 9 * * *", zone: "UTC", holidays: ["germany"] }
      })
      const kept = layerSchedules({ holidayLists: germany })
      yield* Effect.andThen(
        add(withHolidays(opening)),
        add({ ...withHolidays(closing), selector: { divisionIds: ["south"] } })
      ).pipe(Effect.provide(kept))
      yield* on(23, "09:00:00")
      const [stop, ...others] = yield* fire
      assert.strictEqual(stop?.spec._tag === "Fleet" && stop.spec.change.target, "paused")
      assert.isEmpty(others)
      const { problem } = yield* Schedules.use((schedules) => schedules.get("open"))
      assert.include(problem, "germany")
      assert.isNull((yield* Schedules.use((schedules) => schedules.get("close"))).problem)

      yield* on(23, "09:04:00")
      assert.isEmpty(yield* fireDue(germany))
      assert.isFalse(yield* refresh(germany))
      const [start] = yield* fireDue(germany)
      assert.strictEqual(start?.spec._tag === "Fleet" && start.spec.change.target, "active")
      assert.deepStrictEqual(yield* told("open"), ["2026-11-23T09:00:00.000Z fired"])
    })
  )

  tries(
    "start nothing late, once a list is back, that was stopped meanwhile",
    Effect.gen(function* () {
      yield* add({
        ...opening,
        startGraceMs: 3_600_000,
        when: { cron: "0 9 * * *", zone: "UTC", holidays: ["germany"] }
      }).pipe(Effect.provide(layerSchedules({ holidayLists: germany })))
      yield* add({ ...closing, when: { cron: "30 9 * * *", zone: "UTC" } })
      yield* on(23, "09:00:00")
      assert.isEmpty(yield* fire)
      yield* on(23, "09:30:00")
      assert.lengthOf(yield* fire, 1)
      yield* on(23, "09:40:00")
      yield* refresh(germany)
      assert.isEmpty(yield* fireDue(germany))
      assert.deepStrictEqual(yield* told("open"), ["2026-11-23T09:00:00.000Z skipped"])
      assert.include((yield* firings("open"))[0]?.detail, "a stop was due since")
    })
  )
})
