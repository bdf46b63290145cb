import type { CampaignState, Observation, PauseReason, Reference } from "@campaignctl/core"

/** A campaign as `-o json` and `-o yaml` write it. Part of the documented output. */
export interface CampaignDocument {
  readonly id: string
  readonly name: string
  readonly state: CampaignState
  /** The status in Genesys' own words. */
  readonly status: string
  readonly dialingMode?: string
  readonly queue?: Reference
  readonly division?: Reference
  readonly callableTimeSet?: Reference
  /** From our ledger, where the campaign was paused through this program. */
  readonly pauseReason?: PauseReason
  /** The version or ETag that a write would have to match. */
  readonly lock: string
  /** Whether somebody else has changed the state since our ledger last recorded it. */
  readonly drifted: boolean
  /** ISO 8601. */
  readonly observedAt: string
}

export const campaignDocument = ({
  campaign,
  disposition,
  drifted,
  state
}: Observation): CampaignDocument => ({
  id: campaign.id,
  name: campaign.name,
  state,
  status: campaign.status,
  ...(campaign.dialingMode === undefined ? {} : { dialingMode: campaign.dialingMode }),
  ...(campaign.queue === undefined ? {} : { queue: campaign.queue }),
  ...(campaign.division === undefined ? {} : { division: campaign.division }),
  ...(campaign.callableTimeSet === undefined ? {} : { callableTimeSet: campaign.callableTimeSet }),
  ...(disposition?.pauseReason !== undefined && (state === "paused" || state === "draining")
    ? { pauseReason: disposition.pauseReason }
    : {}),
  lock: campaign.lock,
  drifted,
  observedAt: new Date(campaign.observedAt).toISOString()
})
