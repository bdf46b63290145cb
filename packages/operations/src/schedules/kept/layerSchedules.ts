import { Ids, RequestInvalid } from "@campaignctl/core"
import { Clock, Effect, Layer, Option, Result } from "effect"
import type { SqlClient } from "effect/sql"
import { orUnavailable } from "../../database/unavailable.ts"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import { ScheduleNotFound } from "../../domain/ScheduleNotFound.ts"
import {
  type BoundTo,
  Schedules,
  type ScheduleSubmission,
  type ScheduleView
} from "../../ports/Schedules.ts"
import { firingsBetween } from "../firings.ts"
import { readSchedule } from "../readSchedule.ts"
import type { Schedule } from "../Schedule.ts"
import type { HolidayLists } from "../Timetable.ts"
import { isTheirs } from "./isTheirs.ts"
import type { KeptSchedule } from "./KeptSchedule.ts"
import { ScheduleStore, type ShownSchedule } from "./ScheduleStore.ts"
import { basisOf, nextLook, timesOf } from "./times.ts"

/** What schedules refer to by name. */
export interface ScheduleOptions {
  /** Lists of holidays by their names; none unless given. The same in all processes on one database. */
  readonly holidayLists?: HolidayLists
}

/** Instants or firings in one answer at most: more than anybody reads. */
const MOST = 10_000

const make = Effect.fnUntraced(function* (lists: HolidayLists) {
  const store = yield* ScheduleStore
  const ids = yield* Ids
  const basis = basisOf(lists)

  const viewOf = ({ kept, lastFiring }: ShownSchedule, now: number): ScheduleView => {
    const { managedBy, nextAt, problem, schedule } = kept
    // What is kept was computed from other lists, or is due and not looked at yet.
    const told =
      kept.basis === basis && (nextAt === null || nextAt > now)
        ? { nextAt, problem }
        : nextLook(schedule, lists, now)
    return {
      schedule,
      nextAt: schedule.enabled && told.nextAt !== null ? new Date(told.nextAt).toISOString() : null,
      lastFiring,
      managedBy,
      problem: told.problem
    }
  }

  const find = Effect.fnUntraced(function* (
    idOrName: string,
    { divisionIds }: BoundTo = {}
  ): Effect.fn.Return<ShownSchedule, ScheduleNotFound | OperationsUnavailable> {
    const found = yield* orUnavailable(store.find(idOrName))
    return Option.isSome(found) && isTheirs(divisionIds, found.value.kept)
      ? found.value
      : yield* new ScheduleNotFound({ schedule: idOrName })
  })

  const view = Effect.fnUntraced(function* (shown: ShownSchedule) {
    return viewOf(shown, yield* Clock.currentTimeMillis)
  })

  const add = Effect.fnUntraced(function* (submission: ScheduleSubmission) {
    const now = yield* Clock.currentTimeMillis
    const read = readSchedule(submission.draft, lists, now)
    if (Result.isFailure(read)) return yield* new RequestInvalid({ problems: read.failure })
    const { draft, warnings } = read.success
    const schedule: Schedule = {
      ...draft,
      id: yield* ids.next,
      enabled: draft.enabled ?? true,
      createdBy: submission.requestedBy,
      createdAt: new Date(now).toISOString()
    }
    const kept: KeptSchedule = {
      schedule,
      managedBy: submission.managedBy ?? null,
      divisionIds: submission.divisionIds ?? null,
      handledUntil: now,
      lastDue: null,
      basis,
      ...nextLook(schedule, lists, now)
    }
    if (!(yield* orUnavailable(store.insert(kept))))
      return yield* new RequestInvalid({
        problems: [
          { key: "name", expected: "a name that no other schedule has", found: `“${draft.name}”` }
        ]
      })
    return { view: viewOf({ kept, lastFiring: null }, now), warnings }
  })

  return Schedules.of({
    add,
    list: Effect.fnUntraced(function* ({ divisionIds, managedBy }) {
      const now = yield* Clock.currentTimeMillis
      const shown = yield* orUnavailable(store.list(managedBy))
      return shown.filter(({ kept }) => isTheirs(divisionIds, kept)).map((one) => viewOf(one, now))
    }),
    get: (idOrName, bound) => Effect.flatMap(find(idOrName, bound), view),
    remove: Effect.fnUntraced(function* (idOrName, bound) {
      const shown = yield* find(idOrName, bound)
      const before = yield* view(shown)
      yield* orUnavailable(store.remove(shown.kept.schedule.id))
      return before
    }),
    next: Effect.fnUntraced(function* (idOrName, limit, bound) {
      const { schedule } = (yield* find(idOrName, bound)).kept
      const now = yield* Clock.currentTimeMillis
      const times = timesOf(schedule, lists)
      if (!schedule.enabled || Result.isFailure(times)) return []
      return firingsBetween(times.success, now, Infinity, Math.min(limit, MOST)).firings.map((at) =>
        new Date(at).toISOString()
      )
    }),
    firings: Effect.fnUntraced(function* (idOrName, limit, bound) {
      const { kept } = yield* find(idOrName, bound)
      return yield* orUnavailable(store.firings(kept.schedule.id, Math.min(limit, MOST)))
    })
  })
})

/**
 * Keeps schedules in any database that an `SqlClient` reaches; makes or migrates the tables first. They
 * are fired by whichever process on the same database has an engine.
 */
export const layerSchedules = ({ holidayLists = {} }: ScheduleOptions = {}): Layer.Layer<
  Schedules,
  OperationsUnavailable,
  SqlClient.SqlClient | Ids
> => Layer.effect(Schedules, make(holidayLists)).pipe(Layer.provide(ScheduleStore.layer))
