import { Schema } from "effect"

/** The identifier of one campaign: a UUID, lower case. */
export const CampaignId = Schema.String.check(Schema.isUUID()).pipe(Schema.brand("CampaignId"))
export type CampaignId = typeof CampaignId.Type

/**
 * What a write must match to be applied: the `version` of the platform contract or the `ETag`
 * of the ETag contract, as text. Opaque outside the adapter that read it.
 */
export const LockToken = Schema.String.pipe(Schema.brand("LockToken"))
export type LockToken = typeof LockToken.Type

/** A named thing that a campaign refers to. The name is absent where the API did not send it. */
export const Reference = Schema.Struct({
  id: Schema.String,
  name: Schema.optionalKey(Schema.String)
})
export type Reference = typeof Reference.Type

/** One outbound campaign as it was observed at one instant. */
export const Campaign = Schema.Struct({
  id: CampaignId,
  name: Schema.String,
  /** The campaign's status in the words of the wire contract; may be one we do not know. */
  status: Schema.String,
  lock: LockToken,
  /** `agentless`, `preview`, `power`, … as Genesys words it. Absent when the contract does not say. */
  dialingMode: Schema.optionalKey(Schema.String),
  queue: Schema.optionalKey(Reference),
  division: Schema.optionalKey(Reference),
  callableTimeSet: Schema.optionalKey(Reference),
  /** Epoch milliseconds at which the reply was received. */
  observedAt: Schema.Number,
  /** The body exactly as it was received, for adapters to send back untouched. */
  original: Schema.Unknown
})
export type Campaign = typeof Campaign.Type

/** Dialling modes in which no agent takes the call, so that no capacity is needed. Source: Genesys, `dialingMode`. */
const AGENTLESS_MODES: ReadonlySet<string> = new Set(["agentless", "external"])

/** Whether the campaign dials without agents. A campaign of unknown mode is taken to need them. */
export const needsAgents = (campaign: Pick<Campaign, "dialingMode">): boolean =>
  campaign.dialingMode === undefined || !AGENTLESS_MODES.has(campaign.dialingMode)
