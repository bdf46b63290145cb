import { Schema } from "effect"
import { Campaign, CampaignId, LockToken } from "../campaign/Campaign.ts"
import { ChangeRequest } from "../decision/Request.ts"
import type { CapacityFact, SlotsFact } from "../guards/Facts.ts"
import { AuditSource } from "../ledger/AuditEntry.ts"

const notGathered = Schema.TaggedStruct("NotGathered", {})
const unknown = Schema.TaggedStruct("Unknown", { why: Schema.String })
const slots: Schema.Codec<SlotsFact> = Schema.Union([
  Schema.TaggedStruct("SlotsCounted", {
    inUse: Schema.Number,
    started: Schema.optionalKey(Schema.Number)
  }),
  unknown,
  notGathered
])
const capacity: Schema.Codec<CapacityFact> = Schema.Union([
  Schema.TaggedStruct("AgentsAvailable", { available: Schema.Number, of: Schema.String }),
  unknown,
  notGathered
])

/** What a caller asks of one campaign. */
export const TransitionRequest = Schema.Struct({
  ...ChangeRequest.fields,
  campaignId: CampaignId,
  /** Kept in the audit. */
  note: Schema.optionalKey(Schema.String),
  /** Who asks, as the audit records it. */
  requestedBy: Schema.String,
  source: AuditSource,
  /** False asks for running calls to be ended, where the contract can. True unless said. */
  drain: Schema.optionalKey(Schema.Boolean),
  /** How many campaigns are on, where the caller has just counted them. */
  slots: Schema.optionalKey(slots),
  /** The agents of the campaign's queue, where the caller has just asked; later attempts ask again. */
  capacity: Schema.optionalKey(capacity),
  /**
   * The campaign as the caller has just listed it. The first attempt decides on it instead of
   * reading: its lock token protects the write. What would end the run without a write is read again
   * unless it was seen within `SEEN_FRESH_MS`; later attempts read.
   */
  seen: Schema.optionalKey(Campaign),
  /** What the caller calls the request, kept in the audit. */
  requestId: Schema.optionalKey(Schema.String),
  /** The lock token that the caller saw. Where the campaign shows another one, the run ends in `LockConflict`. */
  expectedLock: Schema.optionalKey(LockToken),
  /** The divisions that the caller may touch; a campaign of any other is not found. Absent: all. */
  divisionIds: Schema.optionalKey(Schema.Array(Schema.String))
})
export type TransitionRequest = typeof TransitionRequest.Type
