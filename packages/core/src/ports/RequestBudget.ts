import { Context, type Effect } from "effect"
import type { BudgetUnavailable, RateLimited } from "../errors/errors.ts"

/** Whom a request is sent for, the most urgent first. */
export const budgetClasses = ["halt", "operator", "guard", "fleet", "schedule"] as const
export type BudgetClass = (typeof budgetClasses)[number]

/**
 * The class that requests are admitted under. A program sets it around its work, so that what it
 * calls need not be told.
 *
 * @example
 * Effect.provideService(work, CurrentBudgetClass, "fleet")
 */
export const CurrentBudgetClass = Context.Reference<BudgetClass>(
  "@campaignctl/core/CurrentBudgetClass",
  { defaultValue: () => "operator" }
)

/** What one reply's headers say of the requests that are granted. */
export interface BudgetCount {
  /** Requests that the server has counted in its window, the answered one included. */
  readonly used: number
  readonly allowed: number
  /** Milliseconds until the count starts anew. */
  readonly resetsInMs: number
}

/** What one reply says of the budget. */
export interface BudgetHeard {
  readonly count?: BudgetCount
  /** Milliseconds for which a refusal (429) asks everybody to wait. */
  readonly refusedForMs?: number
  /** The request succeeded and its reply has no count: there is no limit, until a reply tells one. */
  readonly unlimited?: boolean
}

/** What a request asks of the budget. */
export interface Admission {
  readonly class: BudgetClass
  /**
   * Milliseconds to wait at most. A longer wait fails with `RateLimited` as soon as it is known, or with
   * `BudgetUnavailable` where it is for the place in which the requests are counted; for that an operator
   * waits a few seconds alone. A halt goes on without it.
   */
  readonly patienceMs: number
  /** Admitted now or not at all: what was decided would be out of date after a wait. */
  readonly atOnce: boolean
  /** Milliseconds that the request may take at most, after which it is certainly over. */
  readonly longestMs: number
}

/** The budget as it is known. */
export interface BudgetSeen {
  /** Requests of the last window, or the server's own count where that is higher. */
  readonly used: number
  readonly allowed: number
  /** Milliseconds until the server's count starts anew; 0 where it has done so since the last reply. */
  readonly resetsInMs: number
  /** Requests of the allowed that are kept for halts. */
  readonly kept: number
}

/**
 * The requests that one OAuth client is granted, shared by all that use it.
 *
 * Over any window the requests that reach the server never exceed what its headers allow. A halt
 * overtakes all that wait and has a share of its own; the other classes take turns by weight, first
 * come first served within each, and those in the background are paced evenly.
 */
export class RequestBudget extends Context.Service<
  RequestBudget,
  {
    /**
     * Sends a request when it is admitted, and takes from its reply what that says of the budget.
     * The request must be over within `longestMs`. One that is interrupted counts all the same.
     */
    readonly around: <A, E, R>(
      admission: Admission,
      request: Effect.Effect<A, E, R>,
      heard: (reply: A) => BudgetHeard
    ) => Effect.Effect<A, E | RateLimited | BudgetUnavailable, R>
    /**
     * Waits for a permit before the work begins, and holds it for the first request in the work that
     * is to be sent at once. A decision can be taken within, and be written without a wait.
     * `longestMs` is of that request. A permit that is not used goes back at the end, and is not used
     * after half a minute. Work within that takes one ahead as well shares the one that is held.
     */
    readonly ahead: <A, E, R>(
      admission: Omit<Admission, "atOnce">,
      work: Effect.Effect<A, E, R>
    ) => Effect.Effect<A, E | RateLimited | BudgetUnavailable, R>
    /** Undefined until a reply has told what is allowed. */
    readonly seen: Effect.Effect<BudgetSeen | undefined>
  }
>()("@campaignctl/core/RequestBudget") {}
