import type { RetryPolicy } from "@campaignctl/core"
import { Context } from "effect"

/** Stops on their way to Genesys at once. The budget, not this, is what limits a large halt. */
const CONCURRENCY = 16
/**
 * Milliseconds from the raising of the hold after which no start that was decided before it can still
 * land: 3 s from its asking what holds it to its sending, after which it is decided again, 1 s in which
 * its token and permit are at hand, or it is decided again, and 16 s for the request.
 */
const SETTLE_MS = 20_000
/** Milliseconds that the first stop waits at most for the hold to be durable. A healthy database takes a few. */
const HOLD_PATIENCE_MS = 2_000
/** Milliseconds that one entry may take before the emergency journal takes it instead. */
const LEDGER_PATIENCE_MS = 2_000
/** Milliseconds for which a ledger that failed is not asked again, so that not every stop waits for it. */
const LEDGER_REST_MS = 5_000
/** Milliseconds from one list to the next: the first, and the longest, while campaigns still dial. */
const LOOK_FIRST_MS = 1_000
const LOOK_LONGEST_MS = 5_000
/** The longest while only running calls are waited for. */
const DRAIN_LOOK_LONGEST_MS = 15_000
/** Milliseconds that a list waits at most for stops that are under way, whose end it would only see once more. */
const STOPS_FIRST_MS = 10_000
/** Newest entries of the ledger that are read where Genesys gives no list. */
const REMEMBERED_ENTRIES = 20_000

/** The numbers of a halt. */
export interface HaltPolicy {
  readonly concurrency: number
  readonly settleMs: number
  readonly holdPatienceMs: number
  readonly ledgerPatienceMs: number
  readonly ledgerRestMs: number
  readonly lookFirstMs: number
  readonly lookLongestMs: number
  readonly drainLookLongestMs: number
  readonly stopsFirstMs: number
  readonly rememberedEntries: number
  /** Of a single stop, and of the list; the halt's own deadline is what ends it. */
  readonly retry: Omit<RetryPolicy, "deadlineMs">
}

/** The settings unless a deployment or a test says otherwise. */
export const defaultHaltPolicy: HaltPolicy = {
  concurrency: CONCURRENCY,
  settleMs: SETTLE_MS,
  holdPatienceMs: HOLD_PATIENCE_MS,
  ledgerPatienceMs: LEDGER_PATIENCE_MS,
  ledgerRestMs: LEDGER_REST_MS,
  lookFirstMs: LOOK_FIRST_MS,
  lookLongestMs: LOOK_LONGEST_MS,
  drainLookLongestMs: DRAIN_LOOK_LONGEST_MS,
  stopsFirstMs: STOPS_FIRST_MS,
  rememberedEntries: REMEMBERED_ENTRIES,
  // Sooner than a transition's, which waits for one campaign that nobody is in a hurry about.
  retry: { baseMs: 500, factor: 2, capMs: 10_000, maxRetries: Number.POSITIVE_INFINITY }
}

/** The settings in force; the documented defaults unless provided. */
export const HaltSettings = Context.Reference<HaltPolicy>("@campaignctl/operations/HaltSettings", {
  defaultValue: () => defaultHaltPolicy
})
