import { AuditLog, Ids, RequestInvalid } from "@campaignctl/core"
import { Clock, Effect, Layer, Option, Result } from "effect"
import type { SqlClient } from "effect/sql"
import { inOneTransaction } from "../../database/inOneTransaction.ts"
import { OperationStore } from "../../database/OperationStore.ts"
import { orUnavailable } from "../../database/unavailable.ts"
import { OperationsUnavailable } from "../../domain/errors.ts"
import { ScheduleNotFound } from "../../domain/ScheduleNotFound.ts"
import {
  type AskedBy,
  type BoundTo,
  Schedules,
  type ScheduleSubmission,
  type ScheduleView
} from "../../ports/Schedules.ts"
import { fireDue } from "../firing/fireDue.ts"
import { firingsBetween } from "../firings.ts"
import { readSchedule } from "../readSchedule.ts"
import type { Schedule, ScheduleDraft } from "../Schedule.ts"
import type { HolidayLists } from "../Timetable.ts"
import { isTheirs } from "./isTheirs.ts"
import type { KeptSchedule } from "./KeptSchedule.ts"
import { ScheduleStore, type ShownSchedule } from "./ScheduleStore.ts"
import { tellSchedule } from "./tellSchedule.ts"
import { basisOf, nextLook, timesOf } from "./times.ts"

/** What schedules refer to by name. */
export interface ScheduleOptions {
  /** Lists of holidays by their names; none unless given. The same in all processes on one database. */
  readonly holidayLists?: HolidayLists
}

/** Instants or firings in one answer at most: more than anybody reads. */
const MOST = 10_000

/** Tries to replace a schedule between two of its firings; one that fires each second leaves most of it free. */
const REPLACE_TRIES = 20

const make = Effect.fnUntraced(function* (lists: HolidayLists) {
  const store = yield* ScheduleStore
  const operations = yield* OperationStore
  const ids = yield* Ids
  const ledger = yield* AuditLog
  const whole = inOneTransaction(store.sql)
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

  const readAt = (draft: unknown, now: number) =>
    Effect.mapError(
      Effect.fromResult(readSchedule(draft, lists, now)),
      (problems) => new RequestInvalid({ problems })
    )

  /** A schedule as it is kept from an instant on. */
  const keptFrom = (
    submission: ScheduleSubmission,
    draft: ScheduleDraft,
    now: number,
    { id, lastDue }: { readonly id: string; readonly lastDue: number | null }
  ): KeptSchedule => {
    const schedule: Schedule = {
      ...draft,
      id,
      enabled: draft.enabled ?? true,
      createdBy: submission.requestedBy,
      createdAt: new Date(now).toISOString()
    }
    return {
      schedule,
      managedBy: submission.managedBy ?? null,
      divisionIds: submission.divisionIds ?? null,
      handledUntil: now,
      lastDue,
      basis,
      ...nextLook(schedule, lists, now)
    }
  }

  const add = Effect.fnUntraced(function* (submission: ScheduleSubmission) {
    const now = yield* Clock.currentTimeMillis
    const { draft, warnings } = yield* readAt(submission.draft, now)
    const kept = keptFrom(submission, draft, now, { id: yield* ids.next, lastDue: null })
    const added = Effect.gen(function* () {
      const isFree = yield* store.insert(kept)
      if (isFree) yield* tellSchedule(ledger, submission, [null, kept])
      return isFree
    })
    if (!(yield* orUnavailable(whole(added))))
      return yield* new RequestInvalid({
        problems: [
          { key: "name", expected: "a name that no other schedule has", found: `“${draft.name}”` }
        ]
      })
    return { view: viewOf({ kept, lastFiring: null }, now), warnings }
  })

  const settleDue = (id: string) =>
    fireDue(lists, id).pipe(
      Effect.provideService(ScheduleStore, store),
      Effect.provideService(OperationStore, operations)
    )

  const replace = Effect.fnUntraced(function* (submission: ScheduleSubmission) {
    for (let tries = 0; tries < REPLACE_TRIES; tries++) {
      const now = yield* Clock.currentTimeMillis
      const { draft, warnings } = yield* readAt(submission.draft, now)
      const { kept: before, lastFiring } = yield* find(draft.name, submission)
      const { id } = before.schedule
      if (before.nextAt !== null && before.nextAt <= now) {
        yield* settleDue(id)
        continue
      }
      const kept = keptFrom(submission, draft, now, { id, lastDue: before.lastDue })
      const replaced = Effect.gen(function* () {
        const isDone = yield* store.replace(before, kept)
        if (isDone) yield* tellSchedule(ledger, submission, [before, kept])
        return isDone
      })
      if (yield* orUnavailable(whole(replaced)))
        return { view: viewOf({ kept, lastFiring }, now), warnings }
    }
    return yield* new OperationsUnavailable({
      detail: "The schedule is fired all the time, so that it could not be replaced."
    })
  })

  const remove = Effect.fnUntraced(function* (idOrName: string, by: AskedBy) {
    const { kept: seen, lastFiring } = yield* find(idOrName, by)
    const removed = Effect.gen(function* () {
      const gone = yield* store.remove(seen.schedule.id)
      // Somebody may have removed it meanwhile, or put one in its place that is not theirs.
      if (Option.isNone(gone) || !isTheirs(by.divisionIds, gone.value))
        return yield* new ScheduleNotFound({ schedule: idOrName })
      yield* tellSchedule(ledger, by, [gone.value, null])
      return gone.value
    })
    return yield* view({ kept: yield* orUnavailable(whole(removed)), lastFiring })
  })

  return Schedules.of({
    holidayLists: lists,
    add,
    replace,
    list: Effect.fnUntraced(function* ({ divisionIds, managedBy }) {
      const now = yield* Clock.currentTimeMillis
      const shown = yield* orUnavailable(store.list(managedBy))
      return shown.filter(({ kept }) => isTheirs(divisionIds, kept)).map((one) => viewOf(one, now))
    }),
    get: (idOrName, bound) => Effect.flatMap(find(idOrName, bound), view),
    remove,
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
 * are fired by whichever process on the same database has an engine. The ledger must be on the same
 * client: a change of a schedule and its entry are one transaction.
 */
export const layerSchedules = ({ holidayLists = {} }: ScheduleOptions = {}): Layer.Layer<
  Schedules,
  OperationsUnavailable,
  SqlClient.SqlClient | Ids | AuditLog
> =>
  Layer.effect(Schedules, make(holidayLists)).pipe(
    Layer.provide(Layer.merge(ScheduleStore.layer, OperationStore.layer))
  )
