import { CampaignId } from "@campaignctl/core"
import { Schema } from "effect"

const Milliseconds = Schema.NullOr(Schema.Int)

/**
 * - `stopped`: seen not dialling, and its calls have ended
 * - `draining`: seen not dialling any more, calls still run
 * - `failed`: it was still dialling when it was last seen
 * - `unknown`: a stop was sent, and nothing was seen of the campaign since
 */
export const HaltOutcome = Schema.Literals(["stopped", "draining", "failed", "unknown"])
export type HaltOutcome = typeof HaltOutcome.Type

/** One campaign that a halt had to stop. */
export const HaltItem = Schema.Struct({
  campaignId: CampaignId,
  name: Schema.String,
  divisionId: Schema.NullOr(Schema.String),
  outcome: HaltOutcome,
  /** Stops that were sent. */
  attempts: Schema.Int,
  /** How often it was seen dialling again after it had stopped. */
  startedAgain: Schema.Int,
  /** Milliseconds from the beginning of the halt to the first stop that Genesys accepted. */
  acceptedAfterMs: Milliseconds,
  /** Of its last entry in the ledger; null where that is in the emergency journal, or nowhere. */
  auditSequence: Schema.NullOr(Schema.Int),
  errorCode: Schema.NullOr(Schema.String),
  /** Why it is not stopped, or what else there is to say: a sentence for a person. */
  detail: Schema.NullOr(Schema.String)
})
export type HaltItem = typeof HaltItem.Type

/** What came of a halt. Times are milliseconds from its beginning; null where it did not come to that. */
export const HaltReport = Schema.Struct({
  name: Schema.String,
  /**
   * A list of all campaigns in its scope showed none dialling, late enough that no start decided
   * before the hold could still land.
   */
  proven: Schema.Boolean,
  /** Starts in its scope are refused until it is lifted. */
  holding: Schema.Boolean,
  /** Campaigns in its scope, as far as they were listed. */
  selected: Schema.Int,
  firstStopAfterMs: Milliseconds,
  lastAcceptAfterMs: Milliseconds,
  /** To the end of the first list that showed none dialling, and after which none was seen dialling again. */
  noNewDialsAfterMs: Milliseconds,
  /** To the end of the first list that showed no running calls either. */
  drainedAfterMs: Milliseconds,
  tookMs: Schema.Int,
  /** Requests that it sent to Genesys. */
  requests: Schema.Struct({
    lists: Schema.Int,
    stops: Schema.Int,
    others: Schema.Int
  }),
  /** The campaigns that it had to stop, in the order in which they were found. */
  campaigns: Schema.Array(HaltItem),
  /** What a person must know: sentences. */
  warnings: Schema.Array(Schema.String)
})
export type HaltReport = typeof HaltReport.Type

/** Whether a halt did all that it is for. */
export const haltSucceeded = ({ holding, proven }: HaltReport): boolean => proven && holding
