import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { assert, describe, expect, inject, it } from "vitest"
import { OperationStore } from "../../../src/database/OperationStore.ts"
import {
  type FiringPlan,
  isStart,
  layerSchedules,
  planFirings,
  type PlannedSchedule,
  type ScheduleDraft,
  Schedules
} from "../../../src/index.ts"
import { fireDue } from "../../../src/schedules/firing/fireDue.ts"
import { dueAtOf, operationIdOf } from "../../../src/schedules/firing/operationIdOf.ts"
import { ScheduleStore } from "../../../src/schedules/kept/ScheduleStore.ts"
import { planned } from "../planSupport.ts"
import { at } from "../support.ts"
import { databases, withLedger } from "../../support/databases.ts"

const BEGIN = at("2026-11-23T05:30:00Z")
const MINUTE_MS = 60_000

/** What happens after a while: it is looked, in whole or up to a crash, or a schedule is removed. */
type Step =
  | { readonly _tag: "Look" }
  | { readonly _tag: "Crash"; readonly atWrite: number; readonly done: boolean }
  | { readonly _tag: "Remove"; readonly index: number }

const step: fc.Arbitrary<{ readonly after: number; readonly step: Step }> = fc.record({
  // Most looks are on time; the rest are after an outage of hours or days.
  after: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 * MINUTE_MS }) },
    fc.integer({ min: 1, max: 40 * 60 * MINUTE_MS })
  ),
  step: fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>({ _tag: "Look" }) },
    {
      weight: 4,
      arbitrary: fc.record({
        _tag: fc.constant("Crash" as const),
        atWrite: fc.integer({ min: 0, max: 8 }),
        done: fc.boolean()
      })
    },
    fc.record({ _tag: fc.constant("Remove" as const), index: fc.nat(5) })
  )
})

const part = (values: ReadonlyArray<string>) =>
  fc.option(fc.subarray([...values], { minLength: 1 }), { nil: undefined, freq: 3 })

const draft: fc.Arbitrary<Omit<ScheduleDraft, "name">> = fc
  .record({
    cron: fc.constantFrom("0 9 * * *", "0 17 * * *", "*/20 * * * *", "10 6-8 * * *", "0 */7 * * *"),
    change: fc.constantFrom<ScheduleDraft["change"][]>(
      { target: "active" },
      { target: "active", restart: true },
      { target: "paused", pauseReason: "OTHER" },
      { target: "completed" }
    ),
    divisionIds: part(["north", "south", "west"]),
    queueIds: part(["a", "b"]),
    startGraceMs: fc.constantFrom(0, 5 * MINUTE_MS, 60 * MINUTE_MS),
    enabled: fc.integer({ min: 0, max: 6 }).map((die) => die > 0)
  })
  .map(({ change, cron, divisionIds, enabled, queueIds, startGraceMs }) => ({
    when: { cron, zone: "Europe/Berlin" },
    change,
    enabled,
    startGraceMs,
    selector:
      divisionIds === undefined && queueIds === undefined
        ? { all: true }
        : {
            ...(divisionIds === undefined ? {} : { divisionIds }),
            ...(queueIds === undefined ? {} : { queueIds })
          }
  }))

/** Kills the process at one of its writes, before it or after. */
const mortal = ({ atWrite, done }: { readonly atWrite: number; readonly done: boolean }) => {
  let writes = 0
  const dying = <A, E, R>(write: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.suspend(() => {
      if (writes++ !== atWrite) return write
      const killed = Effect.die("killed")
      return done ? Effect.andThen(write, killed) : killed
    })
  return Layer.merge(
    Layer.effect(
      ScheduleStore,
      ScheduleStore.useSync((store) => ({
        ...store,
        mark: (row, mark) => dying(store.mark(row, mark)),
        record: (firings, now) => dying(store.record(firings, now))
      }))
    ),
    Layer.effect(
      OperationStore,
      OperationStore.useSync((store) => ({
        ...store,
        submit: (submission) => dying(store.submit(submission))
      }))
    )
  )
}

/** The history that the pure planner tells of each schedule, oldest first. */
class Model {
  schedules: ReadonlyArray<PlannedSchedule> = []
  readonly histories = new Map<string, Array<string>>()
  /** When each operation was submitted. */
  readonly operations = new Map<string, number>()
  readonly graces = new Map<string, number>()

  look(now: number): void {
    const { due, skipped }: FiringPlan = planFirings(this.schedules, now)
    const told = (id: string, at: number, what: string) =>
      void this.histories.get(id)?.push(`${new Date(at).toISOString()} ${what}`)
    for (const firing of skipped)
      told(firing.schedule.id, firing.lastAt, `skipped ${firing.detail}`)
    for (const firing of due) {
      told(firing.schedule.id, firing.at, `fired ${firing.detail}`)
      this.operations.set(operationIdOf(firing), now)
    }
    this.schedules = this.schedules.map((one) => ({ ...one, lastHandled: now }))
  }
}

let crashes = 0
let starts = 0
let stops = 0

const tried = (
  drafts: ReadonlyArray<Omit<ScheduleDraft, "name">>,
  steps: ReadonlyArray<{ readonly after: number; readonly step: Step }>
) =>
  Effect.gen(function* () {
    const schedules = yield* Schedules
    const model = new Model()
    yield* TestClock.setTime(BEGIN)
    for (const [index, one] of drafts.entries()) {
      const { view } = yield* schedules.add({
        draft: { ...one, name: `schedule ${index}` },
        requestedBy: "ada",
        source: "library"
      })
      const { id, ...options } = view.schedule
      model.schedules = [...model.schedules, planned(id, options.when, options.change, options)]
      model.histories.set(id, [])
      model.graces.set(id, one.startGraceMs ?? 0)
    }
    let now = BEGIN
    for (const { after, step } of steps) {
      now += after
      yield* TestClock.setTime(now)
      if (step._tag === "Look") {
        yield* fireDue({})
        model.look(now)
      } else if (step._tag === "Remove") {
        const removed = model.schedules[step.index]?.schedule.id
        if (removed === undefined) continue
        yield* schedules.remove(removed, { requestedBy: "ada", source: "library" })
        model.schedules = model.schedules.filter(({ schedule }) => schedule.id !== removed)
      } else {
        const exit = yield* Effect.exit(Effect.provide(fireDue({}), mortal(step), { local: true }))
        if (exit._tag === "Success") model.look(now)
        else crashes++
      }
    }
    for (const { schedule } of model.schedules) {
      const told = yield* schedules.firings(schedule.id, 10_000)
      // Of several that were skipped together the planner tells apart how many there were.
      const history = told
        .map(
          ({ dueAt, detail, result }) => `${dueAt} ${result} ${detail?.replace(/ So were .*/, "")}`
        )
        .toReversed()
      expect(history).toEqual(model.histories.get(schedule.id)?.toSorted())
    }
    const { list } = yield* OperationStore
    const operations = yield* list({ limit: 1_000 })
    expect(new Set(operations.map(({ id }) => id))).toEqual(new Set(model.operations.keys()))
    for (const { id, scheduleId, spec, submittedAt } of operations) {
      assert(spec._tag === "Fleet")
      expect(Date.parse(submittedAt)).toBe(model.operations.get(id))
      const late = Date.parse(submittedAt) - dueAtOf(id)
      if (isStart(spec.change)) {
        starts++
        expect(late).toBeLessThanOrEqual(model.graces.get(scheduleId ?? "") ?? -1)
      } else stops++
    }
  })

/** Histories on each database, of which one on PostgreSQL takes long; and how few of each kind mean nothing. */
const EFFORT: Readonly<Record<string, { readonly runs: number; readonly least: number }>> = {
  SQLite: { runs: 150, least: 4 },
  PostgreSQL: { runs: 10, least: 0 }
}

describe.each(databases)("schedules on %s, by whatever crashes and outages", (name, database) => {
  it("fire exactly what the planner says of them, once", async () => {
    const { least, runs } = EFFORT[name] ?? { least: 0, runs: 1 }
    crashes = 0
    starts = 0
    stops = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(draft, { minLength: 1, maxLength: 6 }),
        fc.array(step, { minLength: 4, maxLength: 14 }),
        (drafts, steps) =>
          Effect.runPromise(
            tried(drafts, steps).pipe(
              Effect.provide(TestClock.layer()),
              Effect.provide(
                Layer.mergeAll(layerSchedules(), ScheduleStore.layer, OperationStore.layer)
              ),
              Effect.provide(withLedger(database), { local: true }),
              Effect.scoped
            )
          )
      ),
      { numRuns: runs * inject("scale") }
    )
    expect(Math.min(crashes, starts, stops)).toBeGreaterThanOrEqual(least)
  })
})
