import { Deferred, Effect } from "effect"
import { BudgetUnavailable, RateLimited } from "../errors/errors.ts"
import { type Admission, type BudgetClass, budgetClasses } from "../ports/RequestBudget.ts"
import type { Turn, Waiting } from "./BudgetStore.ts"
import type { Permit } from "./HeldPermit.ts"
import type { Wait } from "./playTurn.ts"

/** Why a permit was not given. Nothing was sent in either case. */
export type NotAdmitted = RateLimited | BudgetUnavailable

/** One who waits for a permit, in whichever fiber that is. */
export interface Waiter {
  readonly admission: Admission
  readonly since: number
  /** Told after the first turn: whether it must wait. */
  readonly looked: Deferred.Deferred<Permit | Wait, NotAdmitted>
  /** Told when the wait is over. */
  readonly admitted: Deferred.Deferred<Permit, NotAdmitted>
  permit: Permit | undefined
}

export const isPermit = (told: Permit | Wait): told is Permit => "id" in told

/** A wait of nothing would be tried again at once, and be refused again. */
const SHORTEST_WAIT_MS = 1
/** Of each class, those that ask in one turn; who comes after them asks in the next, so that a long queue costs nothing. */
const ASK_AT_ONCE = 256
const NO_WAIT: Wait = { ms: 0, reason: "none" }
/**
 * Milliseconds that an operator waits for a store which cannot be reached: a person is told then, while
 * work in the background goes on waiting. As long as a store leaves a database alone that gave no answer,
 * so that each who waits sees one try at least.
 */
const OPERATOR_UNREACHABLE_MS = 5_000

/** The end of a wait that is too long. What a halt waits for is what the replies grant, whoever counts. */
const notAdmitted = (budgetClass: BudgetClass, { ms, reason }: Wait): NotAdmitted =>
  reason === "unreachable" && budgetClass !== "halt"
    ? new BudgetUnavailable()
    : new RateLimited({ retryAfterMs: Math.max(SHORTEST_WAIT_MS, ms) })

/** Those who wait in one process, in the order in which they came. */
export class Waiters {
  readonly #queues = new Map<BudgetClass, Set<Waiter>>(
    budgetClasses.map((budgetClass) => [budgetClass, new Set<Waiter>()])
  )
  /** Those who came since the last turn. */
  #fresh: Array<Waiter> = []
  #waits: Turn["waits"] | undefined
  /** Since when operators wait for a store that cannot be reached. */
  #unreachableSince: number | undefined

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

  /** What one of the class is refused with now. */
  refusalOf(budgetClass: BudgetClass): NotAdmitted {
    return notAdmitted(budgetClass, this.waitOf(budgetClass))
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
      else if (this.leave(waiter)) settle(waiter, Effect.fail(this.refusalOf(budgetClass)))
    }
  }

  /** Ends the waits of operators for a store that could not be reached for too long. */
  tellUnreachable(now: number): void {
    if (this.waitOf("operator").reason !== "unreachable") {
      this.#unreachableSince = undefined
      return
    }
    const unreachableSince = (this.#unreachableSince ??= now)
    for (const waiter of this.#queues.get("operator") ?? [])
      if (now - Math.max(waiter.since, unreachableSince) >= OPERATOR_UNREACHABLE_MS) {
        this.leave(waiter)
        settle(waiter, Effect.fail(this.refusalOf("operator")))
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

const settle = (waiter: Waiter, end: Effect.Effect<Permit, NotAdmitted>): void => {
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
