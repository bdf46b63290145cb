import { CampaignId, CampaignState, LockToken } from "@campaignctl/core"
import { Schema } from "effect"

/** One campaign as the watch has last told of it, and as it shows now. */
export const Kept = Schema.Struct({
  campaignId: CampaignId,
  /** As Genesys shows it now, in the words of the wire contract. */
  status: Schema.String,
  lock: LockToken,
  /** The state that was told of, or that needed no telling. */
  state: CampaignState,
  /** The sequence of the ledger's newest word on the campaign when that state was judged; 0 for none. */
  toldIn: Schema.Int,
  /** Whether changes of it are heard of, so that what is kept here is as it is now. */
  covered: Schema.Boolean
})
export type Kept = typeof Kept.Type

/** A sign of life of the watch. */
export const Beat = Schema.Struct({
  /** Epoch milliseconds. */
  at: Schema.Number,
  campaigns: Schema.Int,
  /** Campaigns of which changes are heard. */
  covered: Schema.Int,
  /** Epoch milliseconds of the newest list of all campaigns; null before the first. */
  listedAt: Schema.NullOr(Schema.Number),
  /** Whether the contract has events at all. */
  available: Schema.Boolean
})
export type Beat = typeof Beat.Type
