import type { BudgetClass } from "../ports/RequestBudget.ts"

/** Every class but the one that overtakes. */
export type SharingClass = Exclude<BudgetClass, "halt">

/** Length of the server's window, in milliseconds. Source: Genesys' limits are per minute. */
const WINDOW_MS = 60_000
/** Milliseconds added to the window, for two clocks that do not run alike and for fractions of a millisecond. */
const SLACK_MS = 50
/** The share of what is allowed that is kept for halts: 15 of 300, which stop 15 campaigns at once. */
const KEPT_SHARE = 0.05
/** Requests kept for halts at least. */
const KEPT_AT_LEAST = 1
/** The share of what is allowed that the background may send without pacing: 0.6 s worth of it. */
const BURST_SHARE = 0.01
/** One would lose whatever time a late timer takes. */
const BURST_AT_LEAST = 2
/** Requests in flight at most before any reply has told what is allowed. Enough for a command's first reads. */
const FIRST_REQUESTS = 4
/** Milliseconds for which a permit that was taken ahead may be held: a decision's reads, and their own waits beside a fleet. */
const AHEAD_MS = 30_000
/** Milliseconds after which to look again where nothing tells when a permit will be free. */
const LOOK_AGAIN_MS = 1_000

/** The numbers of a budget that the server's headers do not give. */
export interface BudgetPolicy {
  readonly windowMs: number
  readonly slackMs: number
  readonly keptShare: number
  readonly keptAtLeast: number
  readonly burstShare: number
  readonly burstAtLeast: number
  readonly firstRequests: number
  readonly lookAgainMs: number
  readonly aheadMs: number
  /** How many turns each class has beside the others while several wait. */
  readonly weights: Readonly<Record<SharingClass, number>>
}

/** The policy unless a deployment or a test says otherwise. */
export const defaultBudgetPolicy: BudgetPolicy = {
  windowMs: WINDOW_MS,
  slackMs: SLACK_MS,
  keptShare: KEPT_SHARE,
  keptAtLeast: KEPT_AT_LEAST,
  burstShare: BURST_SHARE,
  burstAtLeast: BURST_AT_LEAST,
  firstRequests: FIRST_REQUESTS,
  lookAgainMs: LOOK_AGAIN_MS,
  aheadMs: AHEAD_MS,
  weights: { operator: 4, guard: 2, fleet: 1, schedule: 1 }
}

/** Classes that are paced, because nobody waits for one request of theirs. */
export const isPaced = (budgetClass: BudgetClass): boolean =>
  budgetClass !== "halt" && budgetClass !== "operator"

/** Requests kept for halts; one is left for the others, where there is one beside. */
export const keptOf = (policy: BudgetPolicy, allowed: number): number =>
  Math.max(
    0,
    Math.min(allowed - 1, Math.max(policy.keptAtLeast, Math.floor(allowed * policy.keptShare)))
  )

/** Milliseconds for which a permit counts after its reply. */
export const countsForMs = ({ slackMs, windowMs }: BudgetPolicy): number => windowMs + slackMs
