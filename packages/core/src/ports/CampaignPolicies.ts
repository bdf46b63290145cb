import { Context, Effect } from "effect"
import type { Campaign } from "../campaign/Campaign.ts"
import type { Unknown } from "../guards/Facts.ts"
import type { CallingWindow } from "../window/CallingWindow.ts"

/** What a deployment says of one campaign; what is absent holds as for every other. */
export interface CampaignPolicy {
  /** Instead of the configured window and of the campaign's own. */
  readonly window?: CallingWindow
  /** Agents that must be available before it may start. */
  readonly minimumAgents?: number
}

/** Tells what a deployment says of single campaigns. Nothing, unless provided. */
export interface CampaignPolicies {
  /** `Unknown` where it could not be read: an activation is refused then. */
  readonly policyFor: (campaign: Campaign) => Effect.Effect<CampaignPolicy | Unknown>
}

const none: CampaignPolicy = {}

export const CampaignPolicies = Context.Reference<CampaignPolicies>(
  "@campaignctl/core/CampaignPolicies",
  { defaultValue: () => ({ policyFor: () => Effect.succeed(none) }) }
)
