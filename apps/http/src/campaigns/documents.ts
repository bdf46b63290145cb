import type { Observation, TransitionResult } from "@campaignctl/core"
import type { CampaignDocument, TransitionDocument } from "./schemas.ts"

/** Filled in step by step: every answer about a campaign makes one, and a spread for each member costs more than all the rest. */
export const campaignDocument = ({
  campaign,
  disposition,
  drifted,
  state
}: Observation): CampaignDocument => {
  const { callableTimeSet, dialingMode, division, id, lock, name, queue, status } = campaign
  const document: { -readonly [Key in keyof CampaignDocument]: CampaignDocument[Key] } = {
    id,
    name,
    state,
    status,
    lock,
    drifted,
    observedAt: new Date(campaign.observedAt).toISOString()
  }
  if (dialingMode !== undefined) document.dialingMode = dialingMode
  if (queue !== undefined) document.queue = queue
  if (division !== undefined) document.division = division
  if (callableTimeSet !== undefined) document.callableTimeSet = callableTimeSet
  if (disposition?.pauseReason !== undefined && (state === "paused" || state === "draining"))
    document.pauseReason = disposition.pauseReason
  return document
}

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
