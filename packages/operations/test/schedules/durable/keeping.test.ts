import { type AuditLog, type Ids, RequestInvalid } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import type { SqlClient } from "effect/sql"
import {
  type HolidayLists,
  layerSchedules,
  type ScheduleDraft,
  Schedules
} from "../../../src/index.ts"
import { ScheduleStore } from "../../../src/schedules/kept/ScheduleStore.ts"
import { at } from "../support.ts"
import { databases, withLedger } from "../../support/databases.ts"

const NOW = at("2026-11-23T12:00:00Z")

const opening: ScheduleDraft = {
  name: "Open “Berlin”",
  when: { cron: "0 9 * * *", zone: "Europe/Berlin", holidays: ["2026-12-25"] },
  selector: { divisionIds: ["north"] },
  change: { target: "active" }
}

const closing: ScheduleDraft = {
  name: "Close",
  when: { at: ["2026-11-24T18:00:00+01:00", "2026-11-25T18:00:00+01:00"] },
  selector: { all: true },
  change: { target: "paused", pauseReason: "OTHER", note: "the day’s end" }
}

const asked = { requestedBy: "ada", source: "library" } as const

const add = (draft: unknown, divisionIds?: ReadonlyArray<string>) =>
  Schedules.use((schedules) =>
    schedules.add({
      draft,
      ...asked,
      ...(divisionIds === undefined ? {} : { divisionIds })
    })
  )

const names = (divisionIds?: ReadonlyArray<string>) =>
  Effect.map(
    Schedules.use(({ list }) => list(divisionIds === undefined ? {} : { divisionIds })),
    (views) => views.map(({ schedule }) => schedule.name)
  )

describe.each(databases)("schedules kept in %s", (_name, database) => {
  const on = (
    name: string,
    test: Effect.Effect<void, unknown, Schedules | SqlClient.SqlClient | AuditLog | Ids>
  ) =>
    it.live(name, () =>
      // The database's own waits are not the test's: it is opened by the real clock.
      Effect.andThen(TestClock.setTime(NOW), test).pipe(
        Effect.provide(TestClock.layer()),
        Effect.provide(layerSchedules()),
        Effect.provide(withLedger(database), { local: true })
      )
    )

  on(
    "are told with what they will do, by id and by name, until they are removed",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      const { view, warnings } = yield* add(opening)
      assert.isEmpty(warnings)
      assert.deepStrictEqual(view, {
        schedule: {
          ...opening,
          id: view.schedule.id,
          enabled: true,
          createdBy: "ada",
          createdAt: "2026-11-23T12:00:00.000Z"
        },
        nextAt: "2026-11-24T08:00:00.000Z",
        lastFiring: null,
        managedBy: null,
        problem: null
      })
      assert.deepStrictEqual(yield* schedules.get(view.schedule.id), view)
      assert.deepStrictEqual(yield* schedules.get(opening.name), view)
      assert.deepStrictEqual(yield* schedules.next(opening.name, 2), [
        "2026-11-24T08:00:00.000Z",
        "2026-11-25T08:00:00.000Z"
      ])
      assert.isEmpty(yield* schedules.firings(opening.name, 10))
      assert.deepStrictEqual(yield* schedules.remove(view.schedule.id, asked), view)
      assert.strictEqual((yield* Effect.flip(schedules.get(opening.name)))._tag, "ScheduleNotFound")
      assert.strictEqual(
        (yield* Effect.flip(schedules.remove(view.schedule.id, asked)))._tag,
        "ScheduleNotFound"
      )
    })
  )

  on(
    "have names that are taken once, also by many at the same time",
    Effect.gen(function* () {
      const results = yield* Effect.all(
        Array.from({ length: 5 }, () => Effect.result(add(closing))),
        { concurrency: "unbounded" }
      )
      const refusals = results.flatMap((one) => (one._tag === "Failure" ? [one.failure] : []))
      assert.lengthOf(refusals, 4)
      for (const refusal of refusals) {
        assert.instanceOf(refusal, RequestInvalid)
        assert.include(refusal.message, "name")
      }
      assert.deepStrictEqual(yield* names(), ["Close"])
    })
  )

  on(
    "are refused with every problem at once",
    Effect.gen(function* () {
      const refusal = yield* Effect.flip(
        add({ ...closing, name: "", change: { target: "paused" }, when: { at: ["soon"] } })
      )
      assert.instanceOf(refusal, RequestInvalid)
      assert.includeMembers(
        refusal instanceof RequestInvalid ? refusal.problems.map(({ key }) => key) : [],
        ["name", "when.at[0]"]
      )
      assert.isEmpty(yield* names())
    })
  )

  on(
    "are shown to a caller who is bound to divisions where they are theirs alone",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      yield* add({ ...closing, name: "of all" })
      yield* add({ ...closing, name: "selects north", selector: { divisionIds: ["north"] } })
      yield* add({
        ...closing,
        name: "selects both",
        selector: { divisionIds: ["north", "south"] }
      })
      yield* add({ ...closing, name: "by north" }, ["north"])
      yield* add({ ...closing, name: "by both" }, ["north", "south"])
      yield* add({ ...closing, name: "by nobody" }, [])
      assert.lengthOf(yield* names(), 6)
      assert.deepStrictEqual(yield* names(["north"]), ["by north", "selects north"])
      assert.deepStrictEqual(yield* names(["south"]), [])
      assert.deepStrictEqual(yield* names([]), [])
      assert.deepStrictEqual(yield* names(["south", "north", "west"]), [
        "by both",
        "by north",
        "selects both",
        "selects north"
      ])
      const bound = { divisionIds: ["north"] }
      for (const ask of [
        Effect.asVoid(schedules.get("by both", bound)),
        Effect.asVoid(schedules.remove("of all", { ...asked, ...bound })),
        Effect.asVoid(schedules.next("selects both", 1, bound)),
        Effect.asVoid(schedules.firings("by nobody", 1, bound))
      ])
        assert.strictEqual((yield* Effect.flip(ask))._tag, "ScheduleNotFound")
      yield* schedules.remove("by north", { ...asked, ...bound })
      yield* schedules.remove("selects north", { ...asked, ...bound })
      assert.lengthOf(yield* names(), 4)
    })
  )

  on(
    "do not fire where they are not enabled, and say so",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      const { view } = yield* add({ ...closing, enabled: false })
      assert.isNull(view.nextAt)
      assert.isEmpty(yield* schedules.next("Close", 5))
      yield* TestClock.setTime(at("2026-11-26T00:00:00Z"))
      assert.isNull((yield* schedules.get("Close")).nextAt)
    })
  )

  on(
    "are told by the file that they come from",
    Effect.gen(function* () {
      const schedules = yield* Schedules
      yield* schedules.add({ draft: opening, ...asked, managedBy: "emea" })
      yield* add(closing)
      const [view, ...others] = yield* schedules.list({ managedBy: "emea" })
      assert.strictEqual(view?.managedBy, "emea")
      assert.isEmpty(others)
    })
  )

  const withLists = (holidayLists: HolidayLists) => layerSchedules({ holidayLists })

  on(
    "say why they do not fire when a holiday list is gone, and by which one they go when it is there",
    Effect.gen(function* () {
      const draft = { ...opening, when: { ...opening.when, holidays: ["germany"] } }
      const lists = { germany: ["2026-11-24"] }
      const get = (name: string) => Schedules.use((schedules) => schedules.get(name))
      const view = yield* Effect.gen(function* () {
        yield* add(draft)
        return yield* get(opening.name)
      }).pipe(Effect.provide(withLists(lists)))
      assert.strictEqual(view.nextAt, "2026-11-25T08:00:00.000Z")
      assert.isNull(view.problem)

      const gone = yield* get(opening.name)
      assert.isNull(gone.nextAt)
      assert.include(gone.problem, "germany")
      assert.isEmpty(yield* Schedules.use(({ next }) => next(opening.name, 3)))

      const changed = yield* Effect.provide(get(opening.name), withLists({ germany: [] }))
      assert.strictEqual(changed.nextAt, "2026-11-24T08:00:00.000Z")
    })
  )

  on(
    "leave out what this version cannot read",
    Effect.gen(function* () {
      yield* add(opening)
      yield* add(closing)
      const { sql } = yield* ScheduleStore
      yield* sql`UPDATE schedules SET body = '{"of":"another version"}' WHERE name = 'Close'`
      assert.deepStrictEqual(yield* names(), [opening.name])
    }).pipe(Effect.provide(ScheduleStore.layer))
  )
})
