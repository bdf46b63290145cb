import {
  type Campaign,
  type DrainResult,
  type Explanation,
  isViolation,
  type Observation,
  type Reference,
  type Settled,
  type TransitionResult,
  type Verification
} from "@campaignctl/core"
import type {
  AuditVerification,
  CampaignReport,
  DrainReport,
  ExplanationReport,
  NamedReference,
  SettledReport,
  TransitionReport
} from "./shapes.ts"

const referenceOf = (reference: Reference | undefined): NamedReference | null =>
  reference === undefined ? null : { id: reference.id, name: reference.name ?? null }

export const campaignReport = ({
  campaign,
  disposition,
  drifted,
  state
}: Observation): CampaignReport => ({
  id: campaign.id,
  name: campaign.name,
  state,
  status: campaign.status,
  pauseReason:
    (state === "paused" || state === "draining") && disposition?.target === "paused"
      ? (disposition.pauseReason ?? null)
      : null,
  drifted,
  lock: campaign.lock,
  dialingMode: campaign.dialingMode ?? null,
  queue: referenceOf(campaign.queue),
  division: referenceOf(campaign.division),
  callableTimeSet: referenceOf(campaign.callableTimeSet),
  observedAt: observedAt(campaign)
})

const observedAt = (campaign: Campaign): string => new Date(campaign.observedAt).toISOString()

const TRANSITION_OUTCOME = { Applied: "applied", AlreadyThere: "already-there" } as const

export const transitionReport = (result: TransitionResult): TransitionReport => ({
  outcome: TRANSITION_OUTCOME[result._tag],
  campaignId: result.campaign.id,
  campaignName: result.campaign.name,
  from: result.from,
  state: result.state,
  target: result.target,
  verdicts: result.verdicts,
  warnings: result.warnings,
  attempts: result.attempts,
  latencyMs: result.latencyMs,
  lockBefore: result.lockBefore,
  lockAfter: result.lockAfter,
  auditSequence: result.auditSequence
})

export const explanationReport = (explanation: Explanation): ExplanationReport => ({
  outcome: explanation.decision.outcome,
  campaign: campaignReport(explanation),
  verdicts: explanation.decision.verdicts,
  violations: explanation.decision.verdicts.filter(isViolation)
})

const DRAIN_OUTCOME = {
  Drained: "drained",
  StillDraining: "still-draining",
  Resumed: "resumed",
  NotShown: "not-shown"
} as const

export const drainReport = (result: DrainResult): DrainReport => ({
  outcome: DRAIN_OUTCOME[result._tag],
  campaignId: result.campaign.id,
  state: result.state,
  waitedMs: result.waitedMs,
  polls: result.polls
})

export const settledReport = ({ entry, intent, result }: Settled): SettledReport => ({
  campaignId: intent.campaignId,
  campaignName: intent.campaignName,
  target: intent.targetState,
  outcome: result,
  changed: result === "recovered" && entry !== undefined ? entry.success : null,
  detail: entry?.errorDetails ?? "Genesys could not be asked; the next start tries again.",
  intentSequence: intent.sequence,
  auditSequence: entry?.sequence ?? null
})

export const verificationReport = (found: Verification): AuditVerification =>
  found._tag === "Intact"
    ? {
        intact: true,
        entries: found.entries,
        headHash: found.headHash,
        firstBadSequence: null,
        why: null
      }
    : {
        intact: false,
        entries: found.entries,
        headHash: null,
        firstBadSequence: found.firstBadSequence,
        why: found.why
      }
