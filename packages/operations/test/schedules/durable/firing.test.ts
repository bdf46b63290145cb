import type { Ids } from "@campaignctl/core"
import { idsLive } from "@campaignctl/ledger-sql"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import type { SqlClient } from "effect/sql"
import { OperationStore } from "../../../src/database/OperationStore.ts"
import {
  type HolidayLists,
  layerSchedules,
  type ScheduleDraft,
  Schedules
} from "../../../src/index.ts"
import { fireDue } from "../../../src/schedules/firing/fireDue.ts"
import { cancelLateStarts } from "../../../src/schedules/firing/lateStarts.ts"
import { FIRINGS_KEPT_MS, look, refresh } from "../../../src/schedules/firing/layerScheduler.ts"
import { ScheduleStore } from "../../../src/schedules/kept/ScheduleStore.ts"
import { at } from "../support.ts"
import { databases } from "../../support/databases.ts"

const opening: ScheduleDraft = {
  name: "open",
  when: { cron: "0 9 * * *", zone: "UTC" },
  selector: { divisionIds: ["north"] },
  change: { target: "active" }
}

const closing: ScheduleDraft = {
  name: "close",
  when: { cron: "0 17 * * *", zone: "UTC" },
  selector: { all: true },
  change: { target: "paused", pauseReason: "OTHER" }
}

const add = (draft: ScheduleDraft, divisionIds?: ReadonlyArray<string>) =>
  Schedules.use((schedules) =>
    schedules.add({
      draft,
      requestedBy: "ada",
      ...(divisionIds === undefined ? {} : { divisionIds })
    })
  )

const firings = (name: string) => Schedules.use((schedules) => schedules.firings(name, 100))
const told = (name: string) =>
  Effect.map(firings(name), (all) => all.map(({ dueAt, result }) => `${dueAt} ${result}`))

/** The time of a day in November 2026, a Monday on the 23rd. */
const on = (day: number, time: string) => TestClock.setTime(at(`2026-11-${day}T${time}Z`))
const submitted = OperationStore.use(({ list }) => list({}))
const fire = fireDue({})

describe.each(databases)("schedules fired from %s", (_name, database) => {
  const tries = (
    name: string,
    test: Effect.Effect<
      void,
      unknown,
      Schedules | ScheduleStore | OperationStore | SqlClient.SqlClient | Ids
    >
  ) =>
    it.live(name, () =>
      // The database's own waits are not the test's: it is opened by the real clock.
      Effect.andThen(on(23, "08:00:00"), test).pipe(
        Effect.provide(TestClock.layer()),
        Effect.provide(Layer.mergeAll(layerSchedules(), ScheduleStore.layer, OperationStore.layer)),
        Effect.provide(Layer.merge(database, idsLive), { local: true })
      )
    )

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
      yield* Schedules.use((schedules) => schedules.remove("open"))
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
