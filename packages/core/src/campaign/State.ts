import { Schema } from "effect"

/**
 * What a campaign is, in our words.
 *
 * `draining` is a campaign that was told to stop and whose calls have not all ended.
 * `invalid` is a campaign that Genesys holds in error, or whose status this version does not know.
 */
export const CampaignState = Schema.Literals([
  "active",
  "draining",
  "paused",
  "completed",
  "archived",
  "invalid"
])
export type CampaignState = typeof CampaignState.Type

/** The states a caller may ask for. */
export const TargetState = Schema.Literals(["active", "paused", "completed", "archived"])
export type TargetState = typeof TargetState.Type

/** Why a campaign is paused. Every pause names one. */
export const PauseReason = Schema.Literals([
  "AGENT_CAPACITY",
  "COMPLIANCE",
  "CUSTOMER_REQUEST",
  "OTHER"
])
export type PauseReason = typeof PauseReason.Type
