import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { RequestInvalid } from "@campaignctl/core"
import { type ScheduleDraft, Schedules } from "../../../src/index.ts"
import { databases } from "../../support/databases.ts"
import { add, closing, fire, firingOn, on, opening, submitted, told } from "./firingOn.ts"

const replace = (draft: ScheduleDraft) =>
  Schedules.use((schedules) =>
    schedules.replace({ draft, requestedBy: "bob", source: "library", managedBy: "emea" })
  )

const targets = Effect.map(submitted, (all) =>
  all.map(({ spec }) => spec._tag === "Fleet" && spec.change.target)
)

describe.each(databases)("schedules that are replaced in %s", (_name, database) => {
  const tries = firingOn(database)

  tries(
    "go by the new times from then on, under the same id and with what they did before",
    Effect.gen(function* () {
      const { view: before } = yield* add(closing)
      yield* on(23, "17:00:00")
      yield* fire
      yield* on(23, "17:30:00")
      const { view, warnings } = yield* replace({
        ...closing,
        when: { cron: "0 16 * * *", zone: "UTC" }
      })
      assert.isEmpty(warnings)
      assert.deepInclude(view, {
        managedBy: "emea",
        nextAt: "2026-11-24T16:00:00.000Z",
        problem: null
      })
      assert.deepInclude(view.schedule, {
        id: before.schedule.id,
        createdBy: "bob",
        createdAt: "2026-11-23T17:30:00.000Z"
      })
      assert.deepStrictEqual(yield* Schedules.use((schedules) => schedules.get("close")), view)
      // What the new times would have been before is nothing that was missed.
      assert.isEmpty(yield* fire)
      yield* on(24, "17:00:00")
      assert.lengthOf(yield* fire, 1)
      assert.deepStrictEqual(yield* told("close"), [
        "2026-11-24T16:00:00.000Z fired",
        "2026-11-23T17:00:00.000Z fired"
      ])
    })
  )

  tries(
    "do what was due before, and nothing of the others",
    Effect.gen(function* () {
      yield* add(closing)
      yield* add({ ...opening, name: "open east", selector: { divisionIds: ["east"] } })
      yield* on(23, "18:00:00")
      yield* replace({ ...closing, when: { cron: "0 19 * * *", zone: "UTC" } })
      assert.deepStrictEqual(yield* targets, ["paused"])
      assert.deepStrictEqual(yield* told("close"), ["2026-11-23T17:00:00.000Z fired"])
      assert.isEmpty(yield* told("open east"))
      yield* on(23, "19:00:00")
      yield* fire
      assert.deepStrictEqual(yield* targets, ["paused", "paused"])
    })
  )

  tries(
    "start nothing that was due before, and is too late or was stopped since",
    Effect.gen(function* () {
      yield* add({ ...opening, startGraceMs: 7_200_000 })
      yield* add({ ...closing, when: { cron: "30 9 * * *", zone: "UTC" } })
      yield* add({ ...opening, name: "open south", selector: { divisionIds: ["south"] } })
      yield* on(23, "10:00:00")
      yield* replace({ ...opening, when: { cron: "0 8 * * *", zone: "UTC" } })
      yield* replace({ ...opening, name: "open south", when: { cron: "0 8 * * *", zone: "UTC" } })
      assert.isEmpty(yield* submitted)
      assert.deepStrictEqual(yield* told("open"), ["2026-11-23T09:00:00.000Z skipped"])
    })
  )

  tries(
    "stay as they were where what is to replace them is refused, or is not there",
    Effect.gen(function* () {
      const { view } = yield* add(closing)
      const refused = yield* Effect.flip(
        replace({ ...closing, when: { cron: "0 25 * * *", zone: "UTC" } })
      )
      assert.instanceOf(refused, RequestInvalid)
      assert.deepStrictEqual(yield* Schedules.use((schedules) => schedules.get("close")), view)
      const unknown = yield* Effect.flip(replace({ ...closing, name: "nobody's" }))
      assert.strictEqual(unknown._tag, "ScheduleNotFound")
    })
  )
})
