import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { Schedules } from "../../../src/index.ts"
import { databases } from "../../support/databases.ts"
import { add, closing, fire, firingOn, firings, on, opening, submitted, told } from "./firingOn.ts"

describe.each(databases)("schedules fired from %s", (_name, database) => {
  const tries = firingOn(database)

  tries(
    "submit one fleet when they are due, for whoever added them, and record it",
    Effect.gen(function* () {
      const { view } = yield* add(opening, ["north", "west"])
      assert.isEmpty(yield* fire)
      yield* on(23, "09:00:00.020")
      const [operation] = yield* fire
      assert.deepInclude(operation, {
        spec: {
          _tag: "Fleet",
          selector: opening.selector,
          change: opening.change,
          order: "name",
          concurrency: 8,
          maxFailures: null
        },
        requestedBy: "ada",
        source: "schedule",
        scheduleId: view.schedule.id,
        divisionIds: ["north", "west"],
        status: "pending"
      })
      assert.isEmpty(yield* fire)
      assert.lengthOf(yield* submitted, 1)
      const [firing] = yield* firings("open")
      assert.deepInclude(firing, {
        dueAt: "2026-11-23T09:00:00.000Z",
        result: "fired",
        operationId: operation?.id ?? null
      })
      const after = yield* Schedules.use((schedules) => schedules.get("open"))
      assert.strictEqual(after.nextAt, "2026-11-24T09:00:00.000Z")
      assert.deepStrictEqual(after.lastFiring, firing)
    })
  )

  tries(
    "stop at once what should have stopped while nobody was there, and start nothing that is hours late",
    Effect.gen(function* () {
      yield* add(opening)
      yield* add({ ...closing, name: "close north", selector: { divisionIds: ["north"] } })
      yield* on(23, "09:00:00")
      assert.lengthOf(yield* fire, 1)
      // Down from before the closing time until the next day, after the opening time.
      yield* on(24, "11:00:00")
      yield* add({ ...opening, name: "open south", selector: { divisionIds: ["south"] } })
      assert.isEmpty(
        (yield* fire).map(({ spec }) => spec._tag === "Fleet" && spec.change.target),
        "a later start took the stop’s place, and is too late itself"
      )
      yield* on(24, "21:00:00")
      const [stop, ...others] = yield* fire
      assert.deepStrictEqual(
        stop?.spec._tag === "Fleet" ? stop.spec.change : undefined,
        closing.change
      )
      assert.isEmpty(others)
      assert.deepStrictEqual(yield* told("open"), [
        "2026-11-24T09:00:00.000Z skipped",
        "2026-11-23T09:00:00.000Z fired"
      ])
      assert.deepStrictEqual(yield* told("close north"), [
        "2026-11-24T17:00:00.000Z fired",
        "2026-11-23T17:00:00.000Z skipped"
      ])
      assert.include((yield* firings("open"))[0]?.detail, "late")
    })
  )

  tries(
    "submit stops before starts, and end starts under way that a stop is about",
    Effect.gen(function* () {
      yield* add(opening)
      yield* add({ ...opening, name: "open south", selector: { divisionIds: ["south"] } })
      yield* on(23, "09:00:00")
      assert.lengthOf(yield* fire, 2)
      yield* add({
        ...opening,
        name: "open early",
        when: { cron: "59 9 * * *", zone: "UTC" },
        selector: { divisionIds: ["east"] }
      })
      yield* add({
        ...closing,
        name: "close north",
        when: { cron: "0 10 * * *", zone: "UTC" },
        selector: { divisionIds: ["north"] }
      })
      yield* on(23, "10:00:30")
      const targets = (yield* fire).map(({ spec }) => spec._tag === "Fleet" && spec.change.target)
      assert.deepStrictEqual(targets, ["paused", "active"])
      const cancelled = (yield* submitted).filter(({ cancelRequested }) => cancelRequested)
      assert.deepStrictEqual(
        cancelled.map(({ spec }) => spec._tag === "Fleet" && spec.selector.divisionIds),
        [["north"]]
      )
    })
  )

  tries(
    "fire nothing that was removed or is not enabled",
    Effect.gen(function* () {
      yield* add(opening)
      yield* add({ ...closing, enabled: false })
      yield* Schedules.use((schedules) =>
        schedules.remove("open", { requestedBy: "ada", source: "library" })
      )
      yield* on(25, "18:00:00")
      assert.isEmpty(yield* fire)
      assert.isEmpty(yield* submitted)
      assert.deepStrictEqual(yield* told("close"), [
        "2026-11-25T17:00:00.000Z skipped",
        "2026-11-24T17:00:00.000Z skipped"
      ])
      assert.include((yield* firings("close"))[1]?.detail, "So were 1 before it")
    })
  )
})
