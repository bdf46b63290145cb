import type { Observation, TransitionResult } from "@campaignctl/core"
import type { CampaignDocument, TransitionDocument } from "./schemas.ts"

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

export const transitionDocument = (result: TransitionResult): TransitionDocument => ({
  campaignId: result.campaign.id,
  name: result.campaign.name,
  from: result.from,
  target: result.target,
  state: result.state,
  outcome: result._tag === "Applied" ? "applied" : "already-there",
  dryRun: false,
  verdicts: result.verdicts,
  warnings: result.warnings,
  attempts: result.attempts,
  latencyMs: result.latencyMs,
  lockBefore: result.lockBefore,
  lockAfter: result.lockAfter,
  auditSequence: result.auditSequence
})
