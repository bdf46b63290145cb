import { CampaignId, CampaignState, Verdict } from "@campaignctl/core"
import { Schema } from "effect"

/** What would come of one campaign, were the fleet to run now. */
export const PlannedItem = Schema.Struct({
  /** From 1, in the order in which they would be changed. */
  position: Schema.Int,
  campaignId: CampaignId,
  name: Schema.String,
  divisionId: Schema.NullOr(Schema.String),
  state: CampaignState,
  outcome: Schema.Literals(["allowed", "already-there", "rejected"]),
  verdicts: Schema.Array(Verdict)
})
export type PlannedItem = typeof PlannedItem.Type
