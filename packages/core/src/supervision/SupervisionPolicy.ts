import type { HoldScope } from "../holds/HoldScope.ts"

/**
 * What becomes of a change that was made elsewhere. It is recorded in any case.
 *
 * - `report`: it is warned of, and shown until campaignctl changes the campaign again
 * - `adopt`: it is taken for what is wanted
 * - `revert`: a start is paused again; a stop is started again only where `revertStops` says so
 */
export type DriftPolicy = "report" | "adopt" | "revert"

/** How campaigns are supervised. */
export interface SupervisionPolicy {
  /** The campaigns under care; without any part all of them. Null: nothing is supervised. */
  readonly care: HoldScope | null
  /** Milliseconds from the beginning of one look to the beginning of the next. */
  readonly intervalMs: number
  /** Milliseconds for which a running campaign must be short of agents, or of a known window, before it is paused. */
  readonly pauseDwellMs: number
  /** Milliseconds for which everything must be right before what the guard paused is started again. */
  readonly resumeDwellMs: number
  /** Milliseconds before a window closes at which campaigns are paused. At least `supervisionLagMs`. */
  readonly closingMarginMs: number
  /** Pauses and resumes of one campaign in an hour. Pauses because of the window count, and are never held back. */
  readonly flapLimit: number
  readonly drift: DriftPolicy
  /** Whether `revert` may start what was stopped elsewhere. */
  readonly revertStops: boolean
}

/** The hour over which `flapLimit` is counted, in milliseconds. */
export const FLAP_WINDOW_MS = 3_600_000

/** By how much the wait between two looks may be longer, so that several services do not look in step. */
export const INTERVAL_JITTER = 0.1

/** Milliseconds to list what is under care: fifty pages of 100, five requests a second. */
export const LISTING_ALLOWANCE_MS = 10_000

/** Milliseconds that a request waits for the budget at most: Genesys grants requests by the minute. */
export const BUDGET_WAIT_MS = 60_000

/**
 * Thirty seconds: 300 campaigns on 10 queues cost 3 pages and 1 query, thus 8 of the 300 requests that
 * Genesys grants in a minute. Two minutes without agents are more than a break between calls, and
 * five with them more than a visit. Three pauses and three resumes an hour are the most that a list
 * and its agents bear without harm.
 */
export const defaultSupervisionPolicy: SupervisionPolicy = {
  care: null,
  intervalMs: 30_000,
  pauseDwellMs: 120_000,
  resumeDwellMs: 300_000,
  closingMarginMs: 120_000,
  flapLimit: 6,
  drift: "report",
  revertStops: false
}

/**
 * Milliseconds within which a campaign that must not dial is paused, while Genesys answers: the
 * longest wait for the next look, the listing, and the longest wait for the budget.
 *
 * It is the longest that a campaign started elsewhere outside its window goes on. At a closing the
 * margin covers it, so that the campaign has stopped to dial when the window closes.
 */
export const supervisionLagMs = ({ intervalMs }: Pick<SupervisionPolicy, "intervalMs">): number =>
  Math.ceil(intervalMs * (1 + INTERVAL_JITTER)) + LISTING_ALLOWANCE_MS + BUDGET_WAIT_MS
