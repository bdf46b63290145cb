import type { Campaign } from "../campaign/Campaign.ts"
import type { CampaignState, TargetState } from "../campaign/State.ts"
import type { CapacityFact, HoldsFact, SlotsFact, WindowFact } from "../guards/Facts.ts"
import type { ChangeRequest } from "./Request.ts"

/** Everything that one decision rests on. */
export interface DecisionInput {
  readonly campaign: Pick<Campaign, "id" | "name" | "status" | "dialingMode" | "division" | "queue">
  readonly state: CampaignState
  /** For a campaign that drains: what our ledger says it is to become. */
  readonly pending?: TargetState
  readonly request: ChangeRequest
  readonly capacity: CapacityFact
  readonly window: WindowFact
  readonly slots: SlotsFact
  readonly holds: HoldsFact
  /** Agents that this campaign needs, where it has a minimum of its own. */
  readonly minimumAgents?: number
}
