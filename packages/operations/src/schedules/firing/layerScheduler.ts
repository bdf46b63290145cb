import { Clock, Effect, Layer, Option } from "effect"
import { type Sharding, Singleton } from "effect/cluster"
import type { SqlClient } from "effect/sql"
import { WorkflowEngine } from "effect/workflow"
import type { OperationStore } from "../../database/OperationStore.ts"
import { orUnavailable } from "../../database/unavailable.ts"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import type { Operation } from "../../domain/Operation.ts"
import { begin } from "../../engine/workflows.ts"
import { keptOf } from "../kept/KeptSchedule.ts"
import type { ScheduleOptions } from "../kept/layerSchedules.ts"
import { ScheduleStore } from "../kept/ScheduleStore.ts"
import { basisOf, nextLook } from "../kept/times.ts"
import type { HolidayLists } from "../Timetable.ts"
import { fireDue } from "./fireDue.ts"
import { SEEN_EVERY_MS } from "./lateStarts.ts"

/** The name under which the cluster's processes agree on who fires. */
const NAME = "campaignctl/scheduler"

/** Milliseconds after which it is looked again at the latest: for what another process has added meanwhile. */
const LOOK_MS = 1_000

/** Milliseconds between two times at which old firings are forgotten: an hour. */
const FORGET_EVERY_MS = 3_600_000
/** Milliseconds for which a firing is remembered: ninety days, a quarter's review. The ledger keeps what was done. */
export const FIRINGS_KEPT_MS = 7_776_000_000

/** Milliseconds to wait until the engine has taken an operation, which must not keep what is due then waiting. */
const BEGIN_MS = 5_000

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

/** Fires schedules for as long as it runs. `beginNow` has the engine carry on what was submitted. */
const fireForever = Effect.fnUntraced(function* (
  lists: HolidayLists,
  beginNow: (operation: Operation) => Effect.Effect<void>
): Effect.fn.Return<never, never, ScheduleStore | OperationStore> {
  const store = yield* ScheduleStore
  let forgottenAt = Number.NEGATIVE_INFINITY
  let seenAt = Number.NEGATIVE_INFINITY
  const tend = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    if (now - seenAt >= SEEN_EVERY_MS) {
      yield* orUnavailable(store.seen(now))
      seenAt = now
    }
    if (now - forgottenAt < FORGET_EVERY_MS) return
    yield* orUnavailable(store.forget(now - FIRINGS_KEPT_MS))
    forgottenAt = now
  })
  return yield* Effect.tap(look(lists, beginNow), tend).pipe(
    Effect.catch(({ message }) => Effect.as(Effect.logWarning(message), LOOK_MS)),
    Effect.catchDefect((defect) =>
      Effect.as(Effect.logError("Schedules could not be fired.", defect), LOOK_MS)
    ),
    Effect.flatMap(Effect.sleep),
    Effect.forever
  )
})

/**
 * Fires the schedules of a database, in whichever process of the cluster owns them: one at a time, and
 * another takes over where that one ends. On one process alone it is that one.
 *
 * A singleton that asks an index for what is due, once a second and at the nearest instant, and not a
 * stored message with `DeliverAt` for each schedule. The engine reads such a message no sooner than its
 * next look for messages either; it would be one row more to keep in step with its schedule, which is
 * changed and removed; and missed firings are settled together, because a later stop takes the place
 * of an earlier start, where messages would come one by one. What is pending costs no memory here.
 */
export const layerScheduler = ({ holidayLists = {} }: ScheduleOptions = {}): Layer.Layer<
  never,
  OperationsUnavailable,
  Sharding.Sharding | WorkflowEngine.WorkflowEngine | OperationStore | SqlClient.SqlClient
> =>
  Layer.unwrap(
    Effect.map(WorkflowEngine.WorkflowEngine, (engine) =>
      Singleton.make(
        NAME,
        fireForever(holidayLists, ({ id, spec }) =>
          // Where it fails the operation is begun a moment later, as one that was forgotten.
          begin(id, spec._tag).pipe(
            Effect.provideService(WorkflowEngine.WorkflowEngine, engine),
            Effect.timeoutOption(BEGIN_MS),
            Effect.asVoid,
            Effect.catchDefect((defect) =>
              Effect.logWarning(`Operation ${id} could not be begun at once.`, defect)
            )
          )
        )
      )
    )
  ).pipe(Layer.provide(ScheduleStore.layer))
