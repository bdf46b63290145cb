import {
  type CampaignctlError,
  type CampaignId,
  type Explanation,
  type TransitionRequest,
  type TransitionResult,
  TransitionRejected
} from "@campaignctl/core"
import type { TransitionDocument } from "../documents/TransitionDocument.ts"
import { errorDocument } from "../errors/ErrorDocument.ts"
import { ExitCode, exitCodeOf } from "../exit/ExitCode.ts"

/** What came of one campaign's change: what to write, what to say, how to end. */
export interface Outcome {
  readonly document: TransitionDocument
  readonly exitCode: ExitCode
  readonly error?: CampaignctlError
}

/** A change that was made, or that nothing had to be done for. */
export const outcomeOfResult = (result: TransitionResult): Outcome => ({
  exitCode: ExitCode.done,
  document: {
    campaignId: result.campaign.id,
    name: result.campaign.name,
    from: result.from,
    to: result.target,
    state: result.state,
    outcome: result._tag === "Applied" ? "applied" : "already-there",
    verdicts: result.verdicts,
    attempts: result.attempts,
    latencyMs: result.latencyMs,
    auditSequence: result.auditSequence,
    dryRun: false,
    warnings: result.warnings
  }
})

const outcomeWord = (error: CampaignctlError): TransitionDocument["outcome"] => {
  if (error._tag === "TransitionRejected") return "rejected"
  const inDoubt =
    error._tag === "OutcomeUnknown" ||
    (error._tag === "AuditUnavailable" && error.changeMayHaveHappened)
  return inDoubt ? "unknown" : "failed"
}

/** A change that was refused, that failed, or of which it is not known. */
export const outcomeOfError = (
  id: CampaignId,
  { target }: Pick<TransitionRequest, "target">,
  error: CampaignctlError,
  dryRun = false
): Outcome => {
  const rejected = error._tag === "TransitionRejected" ? error : undefined
  const auditSequence = "auditSequence" in error ? error.auditSequence : undefined
  return {
    exitCode: exitCodeOf(error),
    error,
    document: {
      campaignId: id,
      ...(rejected === undefined ? {} : { name: rejected.campaignName, from: rejected.state }),
      to: target,
      ...(rejected === undefined ? {} : { state: rejected.state }),
      outcome: outcomeWord(error),
      verdicts: rejected?.verdicts ?? [],
      attempts: "attempts" in error ? error.attempts : 0,
      ...(auditSequence === undefined ? {} : { auditSequence }),
      dryRun,
      warnings: [],
      error: errorDocument(error)
    }
  }
}

/** What a change would come to, by the same decision. */
export const outcomeOfExplanation = (
  { campaign, decision, state }: Explanation,
  { target }: Pick<TransitionRequest, "target">
): Outcome => {
  const { verdicts } = decision
  if (decision.outcome === "rejected")
    return outcomeOfError(
      campaign.id,
      { target },
      new TransitionRejected({
        campaignId: campaign.id,
        campaignName: campaign.name,
        state,
        target,
        verdicts
      }),
      true
    )
  return {
    exitCode: ExitCode.done,
    document: {
      campaignId: campaign.id,
      name: campaign.name,
      from: state,
      to: target,
      state,
      outcome: decision.outcome === "allowed" ? "would-apply" : "already-there",
      verdicts,
      attempts: 0,
      dryRun: true,
      warnings: []
    }
  }
}
