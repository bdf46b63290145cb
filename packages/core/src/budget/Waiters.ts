import { Deferred, Effect } from "effect"
import { RateLimited } from "../errors/errors.ts"
import { type Admission, type BudgetClass, budgetClasses } from "../ports/RequestBudget.ts"
import type { Turn, Waiting } from "./BudgetStore.ts"
import type { Permit } from "./HeldPermit.ts"
import type { Wait } from "./playTurn.ts"

/** One who waits for a permit, in whichever fiber that is. */
export interface Waiter {
  readonly admission: Admission
  readonly since: number
  /** Told after the first turn: whether it must wait. */
  readonly looked: Deferred.Deferred<Permit | Wait, RateLimited>
  /** Told when the wait is over. */
  readonly admitted: Deferred.Deferred<Permit, RateLimited>
  permit: Permit | undefined
}

export const isPermit = (told: Permit | Wait): told is Permit => "id" in told

/** A wait of nothing would be tried again at once, and be refused again. */
const SHORTEST_WAIT_MS = 1
/** Of each class, those that ask in one turn; who comes after them asks in the next, so that a long queue costs nothing. */
const ASK_AT_ONCE = 256
const NO_WAIT: Wait = { ms: 0, reason: "none" }

/** `RateLimited` with the wait. */
export const rateLimited = ({ ms }: Wait): RateLimited =>
  new RateLimited({ retryAfterMs: Math.max(SHORTEST_WAIT_MS, ms) })

/** Those who wait in one process, in the order in which they came. */
export class Waiters {
  readonly #queues = new Map<BudgetClass, Set<Waiter>>(
    budgetClasses.map((budgetClass) => [budgetClass, new Set<Waiter>()])
  )
  /** Those who came since the last turn. */
  #fresh: Array<Waiter> = []
  #waits: Turn["waits"] | undefined

  get size(): number {
    let size = 0
    for (const queue of this.#queues.values()) size += queue.size
    return size
  }

  join(admission: Admission, since: number): Waiter {
    const waiter: Waiter = {
      admission,
      since,
      looked: Deferred.makeUnsafe(),
      admitted: Deferred.makeUnsafe(),
      permit: undefined
    }
    this.#queues.get(admission.class)?.add(waiter)
    this.#fresh.push(waiter)
    return waiter
  }

  leave(waiter: Waiter): boolean {
    return this.#queues.get(waiter.admission.class)?.delete(waiter) === true
  }

  /** How long one more of the class would wait, as the last turn saw it. */
  waitOf(budgetClass: BudgetClass): Wait {
    return this.#waits?.[budgetClass] ?? NO_WAIT
  }

  /** Those who ask in the next turn; a new one that is to be sent at once is among them. */
  asking(): ReadonlyArray<Waiter> {
    const asking: Array<Waiter> = []
    for (const queue of this.#queues.values()) {
      let left = ASK_AT_ONCE
      for (const waiter of queue) {
        if (left === 0) break
        asking.push(waiter)
        left -= 1
      }
    }
    return asking
  }

  /** Tells each what the turn gave it. Returns the permits of those who have gone meanwhile. */
  tell(asked: ReadonlyArray<Waiter>, turn: Turn): ReadonlyArray<string> {
    this.#waits = turn.waits
    const unclaimed: Array<string> = []
    for (const { id, place } of turn.granted) {
      const waiter = asked[place]
      if (waiter !== undefined && this.leave(waiter)) {
        waiter.permit = { id }
        settle(waiter, Effect.succeed(waiter.permit))
      } else unclaimed.push(id)
    }
    return unclaimed
  }

  /** Tells those who came before the turn that they must wait, or that it would be too long. */
  tellFresh(before: number, now: number): void {
    const fresh = this.#fresh.splice(0, before)
    for (const waiter of fresh) {
      if (waiter.permit !== undefined) continue
      const { atOnce, class: budgetClass, patienceMs } = waiter.admission
      const wait = this.waitOf(budgetClass)
      if (!atOnce && now + wait.ms <= waiter.since + patienceMs)
        Deferred.doneUnsafe(waiter.looked, Effect.succeed(wait))
      else if (this.leave(waiter)) settle(waiter, Effect.fail(rateLimited(wait)))
    }
  }

  get fresh(): number {
    return this.#fresh.length
  }

  /** Ends every wait: the budget is closed. */
  close(): void {
    for (const queue of this.#queues.values()) {
      for (const waiter of queue) settle(waiter, Effect.interrupt)
      queue.clear()
    }
  }
}

const settle = (waiter: Waiter, end: Effect.Effect<Permit, RateLimited>): void => {
  Deferred.doneUnsafe(waiter.looked, end)
  Deferred.doneUnsafe(waiter.admitted, end)
}

/** Those who wait, as a store is told of them. */
export const waitingOf = (waiters: ReadonlyArray<Waiter>, now: number): ReadonlyArray<Waiting> =>
  waiters.map(({ admission, since }) => ({
    class: admission.class,
    atOnce: admission.atOnce,
    longestMs: admission.longestMs,
    waitedMs: now - since
  }))
