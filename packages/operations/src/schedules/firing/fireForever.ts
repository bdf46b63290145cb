import { Clock, Effect, Option } from "effect"
import type { OperationStore } from "../../database/OperationStore.ts"
import { orUnavailable } from "../../database/unavailable.ts"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import type { Operation } from "../../domain/Operation.ts"
import { keptOf } from "../kept/KeptSchedule.ts"
import { ScheduleStore } from "../kept/ScheduleStore.ts"
import { basisOf, nextLook } from "../kept/times.ts"
import type { HolidayLists } from "../Timetable.ts"
import { fireDue } from "./fireDue.ts"
import { cancelLateStarts, SEEN_EVERY_MS } from "./lateStarts.ts"

/** Milliseconds after which it is looked again at the latest: for what another process has added meanwhile. */
const LOOK_MS = 1_000

/** Milliseconds between two times at which old firings are forgotten: an hour. */
const FORGET_EVERY_MS = 3_600_000
/** Milliseconds for which a firing is remembered: ninety days, a quarter's review. The ledger keeps what was done. */
export const FIRINGS_KEPT_MS = 7_776_000_000

/** Schedules whose next look is computed anew at once, before it is looked whether any is due. */
const PAGE = 200

/**
 * Computes the next look of some schedules anew that was computed from other holiday lists or other
 * rules of the zones. True where there may be more of them.
 */
export const refresh = Effect.fnUntraced(function* (
  lists: HolidayLists
): Effect.fn.Return<boolean, OperationsUnavailable, ScheduleStore> {
  const store = yield* ScheduleStore
  const basis = basisOf(lists)
  const rows = yield* orUnavailable(store.ofAnotherBasis(basis, PAGE))
  for (const row of rows) {
    const look = Option.match(keptOf(row), {
      onSome: ({ handledUntil, schedule }) => nextLook(schedule, lists, handledUntil),
      onNone: () => ({ nextAt: null, problem: "This version cannot read it." })
    })
    yield* orUnavailable(store.notBefore(row, { ...look, basis }))
  }
  return rows.length === PAGE
})

/** Fires what is due now, and tells how many milliseconds until something may be again. */
export const look = Effect.fnUntraced(function* (
  lists: HolidayLists,
  beginNow: (operation: Operation) => Effect.Effect<void>
): Effect.fn.Return<number, OperationsUnavailable, ScheduleStore | OperationStore> {
  const store = yield* ScheduleStore
  yield* Effect.forEach(yield* fireDue(lists), beginNow, { discard: true })
  if (yield* refresh(lists)) return 0
  const nearest = yield* orUnavailable(store.nearest)
  const now = yield* Clock.currentTimeMillis
  return Math.max(0, Math.min(LOOK_MS, (nearest ?? Infinity) - now))
})

/**
 * Milliseconds by which a clock must have gone back before what was settled ahead of it counts as
 * unsettled: more than the clocks of two machines differ, less than anybody plans by.
 */
const CLOCK_BACK_MS = 60_000

/**
 * What was settled further ahead than the clock shows was settled by a clock that was wrong, such as one
 * that was right again only after the start of the machine: it falls due once more, at its time.
 */
const mindClock = Effect.fnUntraced(function* (
  now: number
): Effect.fn.Return<void, OperationsUnavailable, ScheduleStore> {
  const store = yield* ScheduleStore
  const unsettled = yield* orUnavailable(store.unsettle(now + CLOCK_BACK_MS, now))
  if (unsettled > 0)
    yield* Effect.logWarning(
      `The clock went back: what ${unsettled} schedules did ahead of it falls due again at its time.`
    )
})

/**
 * Fires schedules for as long as it runs. `beginNow` has the engine carry on what was submitted.
 *
 * Before it fires anything it ends what is too late to be started, also where this very process stood
 * still or could not reach the database for so long.
 */
export const fireForever = Effect.fnUntraced(function* (
  lists: HolidayLists,
  beginNow: (operation: Operation) => Effect.Effect<void>
): Effect.fn.Return<never, never, ScheduleStore | OperationStore> {
  const store = yield* ScheduleStore
  let forgottenAt = Number.NEGATIVE_INFINITY
  let seenAt = Number.NEGATIVE_INFINITY
  let shownAt = Number.POSITIVE_INFINITY
  let begun = false
  const tend = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    if (!begun) yield* orUnavailable(store.doubtProblems)
    // Of a clock that somebody else went by nothing is known.
    if (now < shownAt - CLOCK_BACK_MS) yield* mindClock(now)
    begun = true
    shownAt = now
    if (Math.abs(now - seenAt) >= SEEN_EVERY_MS) {
      yield* cancelLateStarts()
      yield* orUnavailable(store.seen(now))
      seenAt = now
    }
    if (Math.abs(now - forgottenAt) < FORGET_EVERY_MS) return
    yield* orUnavailable(store.forget(now - FIRINGS_KEPT_MS))
    forgottenAt = now
  })
  // Nothing that is only tended may keep a stop from being fired.
  const tended = tend.pipe(
    Effect.catch(({ message }) => Effect.logWarning(message)),
    Effect.catchDefect((defect) => Effect.logError("Schedules could not be tended.", defect))
  )
  return yield* Effect.andThen(tended, look(lists, beginNow)).pipe(
    Effect.catch(({ message }) => Effect.as(Effect.logWarning(message), LOOK_MS)),
    Effect.catchDefect((defect) =>
      Effect.as(Effect.logError("Schedules could not be fired.", defect), LOOK_MS)
    ),
    Effect.flatMap(Effect.sleep),
    Effect.forever
  )
})
