import { attribute, onSpan, spans } from "@campaignctl/core"
import { Clock, Effect, Option, Result, Schema } from "effect"
import { OperationStore } from "../../database/OperationStore.ts"
import { orUnavailable } from "../../database/unavailable.ts"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import type { Operation, OperationId } from "../../domain/Operation.ts"
import { inSpan } from "../../telemetry/inSpan.ts"
import { nextFiring } from "../firings.ts"
import { type KeptSchedule, keptOf, type ScheduleRow } from "../kept/KeptSchedule.ts"
import { type NewFiring, ScheduleStore } from "../kept/ScheduleStore.ts"
import { basisOf, timesOf } from "../kept/times.ts"
import {
  type DueFiring,
  type FiringPlan,
  planFirings,
  type PlannedSchedule,
  type SkippedFirings
} from "../planFirings.ts"
import { isStart, type Schedule } from "../Schedule.ts"
import { areApart } from "../selectors.ts"
import type { HolidayLists, Timetable } from "../Timetable.ts"
import { idsOf } from "./idsOf.ts"
import { independent } from "./independent.ts"
import { openStarts } from "./openStarts.ts"
import { dueAtOf } from "./operationIdOf.ts"

/** Campaigns that the fleet of one firing changes at once; the budget sets the pace. */
const CONCURRENCY = 8

/** Somebody else has settled one of the same schedules, or removed it, since it was looked at. */
class SettledElsewhere extends Schema.TaggedError<SettledElsewhere>()("SettledElsewhere", {}) {}

/** A schedule that is due, with what it was read from. */
interface Due {
  readonly row: ScheduleRow
  readonly kept: KeptSchedule
  readonly timetable: Timetable
}

/** One that cannot be planned, and why. */
interface Broken {
  readonly row: ScheduleRow
  readonly problem: string
}

/**
 * Settles every firing up to now: what is due is submitted, what is not carried out is recorded with
 * its reason. Gives the operations that were submitted, stops first; they are durable and not begun.
 *
 * All of it is one transaction: the operations, the firings and the marks up to which they are settled.
 * So a process that dies in between leaves nothing half done, and what is due then is planned afresh by
 * the next one, by the time it is then. A mark changes only from what it was when the plan was made: a
 * process that stood still meanwhile, and was followed by another, submits nothing.
 *
 * With the id of one schedule that one alone is settled, by the same plan.
 */
export const fireDue = Effect.fnUntraced(function* (
  lists: HolidayLists,
  only?: string
): Effect.fn.Return<
  ReadonlyArray<Operation>,
  OperationsUnavailable,
  ScheduleStore | OperationStore
> {
  const store = yield* ScheduleStore
  const now = yield* Clock.currentTimeMillis
  const rows = yield* orUnavailable(store.due(now))
  const isAsked = (id: string) => only === undefined || id === only
  const asked = rows.filter(({ id }) => isAsked(id)).length
  if (asked === 0) return []
  const settled = inSpan(spans.firing.name, { [attribute.schedules]: asked })
  return yield* settled(settleAll(rows, lists, now, isAsked))
})

const settleAll = Effect.fnUntraced(function* (
  rows: ReadonlyArray<ScheduleRow>,
  lists: HolidayLists,
  now: number,
  isAsked: (id: string) => boolean
) {
  const store = yield* ScheduleStore
  const all = sorted(rows, lists)
  const whole = yield* planOf(all.due, lists, now)
  const plan: FiringPlan = {
    due: whole.due.filter(({ schedule }) => isAsked(schedule.id)),
    skipped: whole.skipped.filter(({ schedule }) => isAsked(schedule.id))
  }
  const due = all.due.filter(({ row }) => isAsked(row.id))
  const broken = all.broken.filter(({ row }) => isAsked(row.id))
  const submitted = yield* store.sql
    .withTransaction(settle({ broken, due, plan, lists, now }))
    .pipe(
      orUnavailable,
      Effect.catchTag("SettledElsewhere", () => Effect.undefined)
    )
  yield* tellSpan(submitted, plan)
  return submitted ?? []
})

/** What has come of it on its span, with one event for each operation. */
const tellSpan = (submitted: ReadonlyArray<Operation> | undefined, { skipped }: FiringPlan) =>
  onSpan((span) =>
    Effect.map(Clock.currentTimeNanos, (now) => {
      span.attribute(attribute.result, submitted === undefined ? "SettledElsewhere" : "Settled")
      span.attribute(attribute.fired, submitted?.length ?? 0)
      span.attribute(attribute.skipped, submitted === undefined ? 0 : skipped.length)
      for (const { id, scheduleId } of submitted ?? [])
        span.event("fired", now, {
          [attribute.scheduleId]: scheduleId,
          [attribute.operationId]: id
        })
    })
  )

const sorted = (
  rows: ReadonlyArray<ScheduleRow>,
  lists: HolidayLists
): { readonly due: ReadonlyArray<Due>; readonly broken: ReadonlyArray<Broken> } => {
  const due: Array<Due> = []
  const broken: Array<Broken> = []
  for (const row of rows) {
    const kept = Option.getOrUndefined(keptOf(row))
    const times =
      kept === undefined
        ? Result.fail("Another version of the product added it, which this one cannot read.")
        : timesOf(kept.schedule, lists)
    if (kept === undefined || Result.isFailure(times))
      broken.push({ row, problem: Result.isFailure(times) ? times.failure : "" })
    else due.push({ row, kept, timetable: times.success })
  }
  return { due, broken }
}

/** What is due, together with what was settled before and could take its place. */
const planOf = Effect.fnUntraced(function* (
  due: ReadonlyArray<Due>,
  lists: HolidayLists,
  now: number
) {
  const store = yield* ScheduleStore
  const earliest = due.reduce((first, { kept }) => Math.min(first, kept.nextAt ?? now), now)
  const beside = yield* orUnavailable(store.firedSince(earliest, now))
  const planned: ReadonlyArray<PlannedSchedule> = [
    ...due.map(({ kept, timetable }) => plannedOf(kept, timetable)),
    ...beside.flatMap((kept) =>
      Result.match(timesOf(kept.schedule, lists), {
        onSuccess: (timetable) => [plannedOf(kept, timetable)],
        onFailure: () => []
      })
    )
  ]
  const plans = independent(planned).map((group) => planFirings(group, now))
  return {
    due: plans.flatMap((one) => one.due),
    skipped: plans.flatMap((one) => one.skipped)
  } satisfies FiringPlan
})

const plannedOf = (
  { handledUntil, schedule }: KeptSchedule,
  timetable: Timetable
): PlannedSchedule => ({ schedule, timetable, lastHandled: handledUntil })

interface Settling {
  readonly due: ReadonlyArray<Due>
  readonly broken: ReadonlyArray<Broken>
  readonly plan: FiringPlan
  readonly lists: HolidayLists
  readonly now: number
}

const settle = Effect.fnUntraced(function* ({ broken, due, lists, now, plan }: Settling) {
  const [store, operations] = [yield* ScheduleStore, yield* OperationStore]
  const basis = basisOf(lists)
  const lastDue = newestOf(plan)
  for (const { kept, row, timetable } of due) {
    const mark = {
      handledUntil: now,
      lastDue: lastDue.get(row.id) ?? kept.lastDue,
      nextAt: nextFiring(timetable, now) ?? null,
      basis,
      problem: null
    }
    if (!(yield* store.mark(row, mark))) return yield* new SettledElsewhere()
  }
  for (const { problem, row } of broken) {
    yield* Effect.logWarning(`The schedule ${row.id} does not fire. ${problem}`)
    // Its firings stay unsettled: they are planned once its times can be told again.
    yield* store.notBefore(row, { nextAt: null, basis, problem })
  }
  const idOf = yield* idsOf(plan.due, now)
  const firings = [
    ...plan.due.map((firing) => firedOf(firing, idOf(firing))),
    ...plan.skipped.map(skippedOf)
  ]
  yield* store.record(firings, now)
  const stops = plan.due.filter(({ schedule }) => !isStart(schedule.change))
  yield* cancelStarts(stops)
  const starts = plan.due.filter(({ schedule }) => isStart(schedule.change))
  const divisionsOf = new Map(due.map(({ kept }) => [kept.schedule.id, kept.divisionIds]))
  return yield* Effect.forEach([...stops, ...starts], (firing) =>
    operations.submit({
      id: idOf(firing),
      spec: {
        _tag: "Fleet",
        selector: firing.schedule.selector,
        change: firing.schedule.change,
        order: "name",
        concurrency: CONCURRENCY,
        maxFailures: null
      },
      requestedBy: firing.schedule.createdBy,
      source: "schedule",
      scheduleId: firing.schedule.id,
      ...boundTo(divisionsOf.get(firing.schedule.id))
    })
  )
})

const boundTo = (divisionIds: ReadonlyArray<string> | null | undefined) =>
  divisionIds === null || divisionIds === undefined ? {} : { divisionIds }

const newestOf = ({ due, skipped }: FiringPlan): ReadonlyMap<string, number> => {
  const newest = new Map<string, number>()
  const seen = ({ id }: Schedule, at: number) =>
    void newest.set(id, Math.max(at, newest.get(id) ?? at))
  for (const { at, schedule } of due) seen(schedule, at)
  for (const { lastAt, schedule } of skipped) seen(schedule, lastAt)
  return newest
}

const firedOf = ({ at, detail, schedule }: DueFiring, operationId: OperationId): NewFiring => ({
  scheduleId: schedule.id,
  dueAt: at,
  result: "fired",
  operationId,
  detail
})

/** Several that were skipped for one reason are one entry, at the last of them. */
const skippedOf = ({
  count,
  detail,
  firstAt,
  lastAt,
  more,
  schedule
}: SkippedFirings): NewFiring => ({
  scheduleId: schedule.id,
  dueAt: lastAt,
  result: "skipped",
  operationId: null,
  detail:
    count === 1
      ? detail
      : `${detail} So were ${more ? "more than " : ""}${count - 1} before it, the first due ${new Date(firstAt).toISOString()}.`
})

/** A stop prevails over earlier starts of schedules that are still under way: they begin nothing new any more. */
const cancelStarts = Effect.fnUntraced(function* (stops: ReadonlyArray<DueFiring>) {
  if (stops.length === 0) return
  const { steer } = yield* OperationStore
  for (const { id, spec } of yield* openStarts()) {
    const isStopped = stops.some(
      ({ at, schedule: { selector } }) => dueAtOf(id) <= at && !areApart(selector, spec.selector)
    )
    if (isStopped) yield* steer(id, "cancel")
  }
})
