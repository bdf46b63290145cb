import { Deferred, Effect, Exit, Latch, Layer, type Scope } from "effect"
import {
  type Admission,
  type BudgetHeard,
  type BudgetSeen,
  RequestBudget
} from "../ports/RequestBudget.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { report, type WaitCause } from "../transition/Progress.ts"
import { type BudgetPolicy, defaultBudgetPolicy, keptOf } from "./BudgetPolicy.ts"
import type { BudgetStore, Over } from "./BudgetStore.ts"
import { holding, holdsFor, type Permit, takeHeld } from "./HeldPermit.ts"
import { makeMemoryStore } from "./memoryStore.ts"
import { monotonicMs } from "./monotonicMs.ts"
import type { Wait } from "./playTurn.ts"
import { isPermit, type NotAdmitted, type Waiter, Waiters, waitingOf } from "./Waiters.ts"

const causeOf = ({ reason }: Wait): WaitCause =>
  reason === "unreachable" ? "unavailable" : "rate-limit"

type Restore = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>

/** A budget over a store of permits. It works as long as the scope is open. */
export const makeRequestBudget = Effect.fnUntraced(function* (
  store: BudgetStore
): Effect.fn.Return<RequestBudget["Service"], never, Scope.Scope> {
  const waiters = new Waiters()
  let isClosed = false
  const something = Latch.makeUnsafe(false)
  let over: Array<Omit<Over, "agoMs"> & { readonly at: number }> = []
  let seen: BudgetSeen | undefined
  let asking: Array<Deferred.Deferred<BudgetSeen | undefined>> = []

  /** One turn: what is over goes back, and what is free goes to those who wait. */
  const turn = Effect.gen(function* () {
    const now = yield* monotonicMs
    const asked = waiters.asking()
    const { fresh } = waiters
    const back = over
    const curious = asking
    over = []
    asking = []
    const given = yield* store.turn(
      waitingOf(asked, now),
      back.map(({ at, ...rest }) => ({ ...rest, agoMs: now - at }))
    )
    seen = given.seen
    const later = yield* monotonicMs
    const unclaimed = waiters.tell(asked, given)
    waiters.tellFresh(fresh, later)
    waiters.tellUnreachable(later)
    for (const id of unclaimed) over.push({ id, unused: true, at: later })
    // More may be free than asked.
    const all = asked.length > 0 && given.granted.length === asked.length && waiters.size > 0
    if (unclaimed.length > 0 || all) something.openUnsafe()
    for (const one of curious) Deferred.doneUnsafe(one, Effect.succeed(seen))
    return given.againInMs
  })

  /** Until something happens, or the time is over. */
  const idle = (forMs: number | undefined) =>
    (forMs === undefined
      ? something.await
      : Effect.asVoid(Effect.timeoutOption(something.await, forMs))
    ).pipe(Effect.andThen(Effect.sync(() => something.closeUnsafe())))

  const turns = Effect.gen(function* () {
    for (let againInMs: number | undefined; ;) {
      yield* idle(waiters.size === 0 ? undefined : againInMs)
      if (waiters.size === 0 && asking.length === 0 && store.laterMs > 0) yield* idle(store.laterMs)
      againInMs = yield* Effect.uninterruptible(turn)
    }
  })
  // Last in, first out: the turns end, then whoever waits, then what is over goes back for good.
  yield* Effect.addFinalizer(() =>
    Effect.suspend(() => (over.length === 0 ? Effect.void : Effect.asVoid(turn)))
  )
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      isClosed = true
      waiters.close()
      for (const one of asking) Deferred.doneUnsafe(one, Effect.succeed(seen))
    })
  )
  yield* Effect.forkScoped(turns)

  const giveBack = (permit: Permit, unused: boolean, heard?: BudgetHeard): Effect.Effect<void> =>
    Effect.map(monotonicMs, (at) => {
      over.push({ id: permit.id, unused, at, ...(heard === undefined ? {} : { heard }) })
      // While nobody waits, the first of several wakes the turns and takes the others along.
      if (waiters.size > 0 || over.length === 1) something.openUnsafe()
    })

  /** Goes out of the queue; a permit that came in that moment goes back. */
  const leave = (waiter: Waiter): Effect.Effect<void> =>
    Effect.suspend(() => {
      waiters.leave(waiter)
      return waiter.permit === undefined ? Effect.void : giveBack(waiter.permit, true)
    })

  const whenAdmitted = (
    waiter: Waiter,
    told: Wait,
    restore: Restore
  ): Effect.Effect<Permit, NotAdmitted> =>
    Effect.gen(function* () {
      yield* report({ _tag: "Waiting", cause: causeOf(told), delayMs: told.ms })
      const { admission, since } = waiter
      const leftMs = since + admission.patienceMs - (yield* monotonicMs)
      const permit = yield* restore(
        Effect.timeoutOrElse(Deferred.await(waiter.admitted), {
          duration: Math.max(0, leftMs),
          orElse: () =>
            Effect.suspend(() => {
              waiters.leave(waiter)
              return waiter.permit === undefined
                ? Effect.fail(waiters.refusalOf(admission.class))
                : Effect.succeed(waiter.permit)
            })
        })
      ).pipe(Effect.onInterrupt(() => leave(waiter)))
      const waitedMs = (yield* monotonicMs) - since
      yield* Effect.annotateCurrentSpan(attribute.waitMs, waitedMs)
      yield* report({ _tag: "BudgetTaken", class: admission.class, reason: told.reason, waitedMs })
      return permit
    }).pipe(
      Effect.withSpan(spans.wait.name, {
        attributes: {
          [attribute.waitCause]: causeOf(told),
          [attribute.budgetClass]: waiter.admission.class
        }
      })
    )

  /** Waits for a permit, which whoever receives it has to give back. To be called uninterruptibly. */
  const queue = Effect.fnUntraced(function* (
    admission: Admission,
    restore: Restore
  ): Effect.fn.Return<Permit, NotAdmitted> {
    if (isClosed) return yield* Effect.interrupt
    const waiter = waiters.join(admission, yield* monotonicMs)
    something.openUnsafe()
    const told = yield* restore(Deferred.await(waiter.looked)).pipe(
      Effect.onInterrupt(() => leave(waiter))
    )
    if (!isPermit(told)) return yield* whenAdmitted(waiter, told, restore)
    yield* report({ _tag: "BudgetTaken", class: admission.class, reason: "none", waitedMs: 0 })
    return told
  })

  const tell = ({ count }: BudgetHeard): Effect.Effect<void> =>
    count === undefined || count.allowed === 0
      ? Effect.void
      : report({
          _tag: "BudgetSeen",
          used: count.used,
          allowed: count.allowed,
          kept: keptOf(store.policy, count.allowed)
        })

  return RequestBudget.of({
    around: (admission, request, heard) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.gen(function* () {
          const ahead = admission.atOnce ? yield* takeHeld(store, admission.longestMs) : undefined
          const permit = ahead ?? (yield* queue(admission, restore))
          const exit = yield* Effect.exit(restore(request))
          const told = Exit.isSuccess(exit) ? heard(exit.value) : undefined
          yield* giveBack(permit, false, told)
          if (told !== undefined) yield* tell(told)
          return yield* exit
        })
      ),
    ahead: (admission, work) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.gen(function* () {
          const { longestMs } = admission
          if (yield* holdsFor(store, longestMs)) return yield* restore(work)
          const { aheadMs } = store.policy
          const asked = { ...admission, atOnce: false, longestMs: aheadMs + longestMs }
          const permit = yield* queue(asked, restore)
          const held = holding(store, permit, (yield* monotonicMs) + aheadMs, longestMs)
          const exit = yield* Effect.exit(restore(held.during(work)))
          const left = held.left()
          if (left !== undefined) yield* giveBack(left, true)
          return yield* exit
        })
      ),
    seen: Effect.suspend(() => {
      if (isClosed) return Effect.succeed(seen)
      const answer = Deferred.makeUnsafe<BudgetSeen | undefined>()
      asking.push(answer)
      something.openUnsafe()
      return Deferred.await(answer)
    })
  })
})

/** The budget of one process alone, in its memory. */
export const memoryRequestBudget = (
  policy: BudgetPolicy = defaultBudgetPolicy
): Layer.Layer<RequestBudget> =>
  Layer.effect(
    RequestBudget,
    Effect.suspend(() => makeRequestBudget(makeMemoryStore(policy)))
  )
