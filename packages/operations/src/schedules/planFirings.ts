import type { TargetState } from "@campaignctl/core"
import type { OperationChange } from "../domain/Operation.ts"
import { firingsBetween, lastFiring, nextFiring } from "./firings.ts"
import { DEFAULT_START_GRACE_MS, isStart, type Schedule } from "./Schedule.ts"
import { areApart, covers } from "./selectors.ts"
import { dueSentence, type SkipReason, skipSentence } from "./sentences.ts"
import type { Timetable } from "./Timetable.ts"

/** A schedule, and up to when its firings have been planned before. */
export interface PlannedSchedule {
  readonly schedule: Schedule
  readonly timetable: Timetable
  /** The `now` of the last plan that was carried out, in epoch milliseconds; absent before the first. */
  readonly lastHandled?: number
}

/** A firing that is to be carried out now. */
export interface DueFiring {
  readonly schedule: Schedule
  /** The instant that it was due, in epoch milliseconds. */
  readonly at: number
  readonly lateMs: number
  /** The same for the same firing in every plan: what keeps it from being carried out twice. */
  readonly key: string
  /** A sentence for the ledger. */
  readonly detail: string
}

/** Firings of one schedule that are not carried out, for one reason. */
export interface SkippedFirings {
  readonly schedule: Schedule
  readonly reason: SkipReason
  /** The first and the last of them, in epoch milliseconds. */
  readonly firstAt: number
  readonly lastAt: number
  readonly count: number
  /** There were more than `count`, which is where counting ended. */
  readonly more: boolean
  /** A sentence for the ledger. */
  readonly detail: string
}

export interface FiringPlan {
  /** To be carried out one after the other, in this order. */
  readonly due: ReadonlyArray<DueFiring>
  readonly skipped: ReadonlyArray<SkippedFirings>
}

/** Missed firings of one schedule that are counted; a line of every second over a night would have more. */
const COUNT_LIMIT = 1_000

/**
 * How final a target is. At one instant the more final comes later, so that a stop that is due
 * together with a start prevails.
 */
const FINALITY: Readonly<Record<TargetState, number>> = {
  active: 0,
  paused: 1,
  completed: 2,
  archived: 3
}

/** Whether a later change leaves nothing of an earlier one with the given target. */
const UNDONE_BY: Readonly<Record<TargetState, (later: OperationChange) => boolean>> = {
  active: () => true,
  paused: () => true,
  // A pause is refused there, and so is a start that does not ask for the list to be dialled again.
  completed: (later) => (isStart(later) ? later.restart === true : later.target !== "paused"),
  archived: (later) => later.target === "archived"
}

interface Firing {
  readonly planned: PlannedSchedule
  readonly at: number
}

/**
 * What is to be done at `now` about the firings since each schedule was last handled: those that are
 * on time and those that were missed, by the same rules.
 *
 * - Of several firings of one schedule only the newest counts.
 * - A stop is carried out however late it is, unless a later firing over all its campaigns, carried
 *   out or not, has taken its place.
 * - A start is carried out within its grace alone, and never where a stop over any of its campaigns
 *   was due since, or at the same instant.
 * - A schedule that is not enabled fires nothing, and takes no other's place.
 *
 * All schedules that could touch the same campaigns belong in one plan, those without a missed
 * firing too. Everything that is not carried out is told with its reason. Once a plan is carried
 * out, each schedule's `lastHandled` is the plan's `now`. A clock that went back finds nothing due.
 */
export const planFirings = (schedules: ReadonlyArray<PlannedSchedule>, now: number): FiringPlan => {
  const missed = schedules.flatMap((planned) => newestOf(planned, handledUntil(planned), now))
  const candidates = missed.filter(({ planned }) => planned.schedule.enabled)
  const latest = latestOfAll(schedules, candidates, now)
  const judged = candidates
    .toSorted(inOrder)
    .map((firing) => ({ firing, ...judge(firing, latest, now) }))
  return {
    due: judged.flatMap(({ firing, reason }) => (reason === undefined ? [dueOf(firing, now)] : [])),
    skipped: [
      ...missed.flatMap((firing) => olderThan(firing, now)),
      ...missed
        .filter(({ planned }) => !planned.schedule.enabled)
        .map((firing) => skippedOf(firing, "disabled", now)),
      ...judged.flatMap(({ by, firing, reason }) =>
        reason === undefined ? [] : [skippedOf(firing, reason, now, by)]
      )
    ]
  }
}

/** The next instant at which any enabled schedule fires: when the next plan is to be made. */
export const nextPlanAt = (
  schedules: ReadonlyArray<PlannedSchedule>,
  now: number
): number | undefined =>
  schedules.reduce<number | undefined>((earliest, { schedule, timetable }) => {
    const at = schedule.enabled
      ? nextFiring(timetable, Math.max(now, Date.parse(schedule.createdAt)))
      : undefined
    return at === undefined || (earliest !== undefined && earliest <= at) ? earliest : at
  }, undefined)

const handledUntil = ({ lastHandled = -Infinity, schedule }: PlannedSchedule): number =>
  Math.max(lastHandled, Date.parse(schedule.createdAt))

const newestOf = (planned: PlannedSchedule, after: number, now: number): ReadonlyArray<Firing> => {
  const at = lastFiring(planned.timetable, after, now)
  return at === undefined ? [] : [{ planned, at }]
}

/** The newest firing of every enabled schedule that could take a candidate's place, handled before or not. */
const latestOfAll = (
  schedules: ReadonlyArray<PlannedSchedule>,
  candidates: ReadonlyArray<Firing>,
  now: number
): ReadonlyArray<Firing> => {
  if (candidates.length === 0) return []
  const since = candidates.reduce((earliest, { at }) => Math.min(earliest, at), Infinity) - 1
  return schedules
    .filter(
      ({ schedule }) =>
        schedule.enabled &&
        candidates.some(({ planned }) => !areApart(planned.schedule.selector, schedule.selector))
    )
    .flatMap((planned) =>
      newestOf(planned, Math.max(since, Date.parse(planned.schedule.createdAt)), now)
    )
    .toSorted(inOrder)
}

const inOrder = (a: Firing, b: Firing): number =>
  a.at - b.at ||
  FINALITY[a.planned.schedule.change.target] - FINALITY[b.planned.schedule.change.target] ||
  (a.planned.schedule.id < b.planned.schedule.id ? -1 : 1)

interface Judgement {
  /** Why it is not carried out; absent where it is. */
  readonly reason?: SkipReason
  /** The firing that stands in its way. */
  readonly by?: Firing
}

const judge = (firing: Firing, latest: ReadonlyArray<Firing>, now: number): Judgement => {
  const { schedule } = firing.planned
  const later = latest.filter(
    (other) => other.planned.schedule.id !== schedule.id && inOrder(firing, other) < 0
  )
  const stop = later.findLast(
    ({ planned }) =>
      !isStart(planned.schedule.change) && !areApart(planned.schedule.selector, schedule.selector)
  )
  if (isStart(schedule.change) && stop !== undefined) return { reason: "stop-since", by: stop }
  const by = later.findLast(
    ({ planned }) =>
      covers(planned.schedule.selector, schedule.selector) &&
      UNDONE_BY[schedule.change.target](planned.schedule.change)
  )
  if (by !== undefined) return { reason: "superseded", by }
  return isStart(schedule.change) && now - firing.at > graceOf(schedule)
    ? { reason: "too-late" }
    : {}
}

const graceOf = ({ startGraceMs = DEFAULT_START_GRACE_MS }: Schedule): number => startGraceMs

const dueOf = ({ at, planned: { schedule } }: Firing, now: number): DueFiring => ({
  schedule,
  at,
  lateMs: now - at,
  key: `${schedule.id}@${new Date(at).toISOString()}`,
  detail: dueSentence(schedule, at, now)
})

const skippedOf = (
  { at, planned: { schedule } }: Firing,
  reason: SkipReason,
  now: number,
  by?: Firing
): SkippedFirings => ({
  schedule,
  reason,
  firstAt: at,
  lastAt: at,
  count: 1,
  more: false,
  detail: skipSentence(reason, {
    schedule,
    at,
    now,
    graceMs: graceOf(schedule),
    ...(by === undefined ? {} : { by: { schedule: by.planned.schedule, at: by.at } })
  })
})

/** The missed firings of the same schedule before its newest. */
const olderThan = ({ at, planned }: Firing, now: number): ReadonlyArray<SkippedFirings> => {
  const { schedule, timetable } = planned
  const { firings, more } = firingsBetween(timetable, handledUntil(planned), at - 1, COUNT_LIMIT)
  const [firstAt] = firings
  const lastAt = more ? lastFiring(timetable, handledUntil(planned), at - 1) : firings.at(-1)
  if (firstAt === undefined || lastAt === undefined) return []
  const reason = schedule.enabled ? "newer-firing" : "disabled"
  return [
    {
      schedule,
      reason,
      firstAt,
      lastAt,
      count: firings.length,
      more,
      detail: skipSentence(reason, {
        schedule,
        at: lastAt,
        now,
        graceMs: graceOf(schedule),
        by: { schedule, at }
      })
    }
  ]
}
