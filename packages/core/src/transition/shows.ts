import type { Campaign } from "../campaign/Campaign.ts"
import { isKnownStatus, seenState } from "../campaign/stateOf.ts"
import type { CampaignState, TargetState } from "../campaign/State.ts"
import type { GatewayCapabilities } from "../ports/CampaignGateway.ts"

/** What Genesys may show once a change has been made. */
type Shown = Readonly<Record<TargetState, ReadonlyArray<CampaignState>>>

/** Where the API has a word for every target. A pause may drain first. */
const NATIVE: Shown = {
  active: ["active"],
  paused: ["paused", "draining"],
  completed: ["completed"],
  archived: ["archived"]
}

/** Where completed and archived are our own words: Genesys then shows a campaign that starts no calls. */
const BY_LEDGER: Shown = {
  ...NATIVE,
  completed: ["draining", "paused", "completed"],
  archived: ["draining", "paused", "completed", "invalid"]
}

/** Whether the campaign, as Genesys shows it, is what the change was to bring about. */
export const shows = (
  capabilities: Pick<GatewayCapabilities, "showsDispositions" | "archiveDivision">,
  campaign: Pick<Campaign, "status" | "division">,
  target: TargetState
): boolean => {
  const table = capabilities.showsDispositions ? NATIVE : BY_LEDGER
  const moved =
    target !== "archived" ||
    capabilities.archiveDivision === undefined ||
    campaign.division?.id === capabilities.archiveDivision
  // A status that we do not know may be one that dials: it shows nothing.
  const known = isKnownStatus(campaign.status)
  return moved && known && table[target].includes(seenState(campaign.status))
}
