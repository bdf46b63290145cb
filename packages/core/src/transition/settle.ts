import { Effect, Schema } from "effect"
import { type Campaign, CampaignId } from "../campaign/Campaign.ts"
import { stateFor } from "../campaign/stateOf.ts"
import type { AuditUnavailable } from "../errors/errors.ts"
import type { AuditEntry, AuditDraft } from "../ledger/AuditEntry.ts"
import { AuditLog } from "../ports/AuditLog.ts"
import { CampaignGateway } from "../ports/CampaignGateway.ts"
import { spans } from "../telemetry/spans.ts"
import { append } from "./append.ts"
import { shows } from "./shows.ts"

/** What became of one intent that an earlier run left without an outcome. */
export interface Settled {
  readonly intent: AuditEntry
  /**
   * `recovered`: the campaign was read, and `success` of the entry says whether the change is there.
   * `unknown`: it was written to since, by us or by others, or is gone, so that nothing can be said.
   * `postponed`: Genesys could not be asked; the next start tries again.
   */
  readonly result: "recovered" | "unknown" | "postponed"
  readonly entry?: AuditEntry
}

/** Campaigns read at once while settling. Few: a crash leaves one open intent for each running change. */
const SETTLE_CONCURRENCY = 4

/** Gives every intent that a run left open its outcome, by reading the campaigns back. Run it at start. */
export const settle: Effect.Effect<
  ReadonlyArray<Settled>,
  AuditUnavailable,
  CampaignGateway | AuditLog
> = Effect.gen(function* () {
  const ledger = yield* AuditLog
  const open = yield* ledger.unsettled
  return yield* Effect.forEach(open, settleOne, { concurrency: SETTLE_CONCURRENCY })
}).pipe(Effect.withSpan(spans.settle.name))

/** Gives one intent its outcome. Only where no run of it is under way any more. */
export const settleOne = Effect.fnUntraced(function* (
  intent: AuditEntry
): Effect.fn.Return<Settled, AuditUnavailable, CampaignGateway | AuditLog> {
  const gateway = yield* CampaignGateway
  // The ledger holds what was once a checked id; a foreign one fails the read and is then unknown.
  const read = yield* Schema.decodeUnknownEffect(CampaignId)(intent.campaignId).pipe(
    Effect.flatMap(gateway.get),
    Effect.map((campaign) => ({ _tag: "Read" as const, campaign })),
    Effect.catch((error) => Effect.succeed({ _tag: "Failed" as const, error }))
  )
  if (
    read._tag === "Failed" &&
    read.error._tag !== "CampaignNotFound" &&
    read.error._tag !== "SchemaError"
  )
    return { intent, result: "postponed" }
  const finding =
    read._tag === "Read"
      ? yield* found(intent, read.campaign)
      : {
          outcome: "unknown" as const,
          success: false,
          details: "The campaign is not there any more."
        }
  const entry = yield* append({
    ...draftFrom(intent),
    outcome: finding.outcome,
    success: finding.success,
    lockAfter: read._tag === "Read" ? read.campaign.lock : null,
    ...(finding.success && read._tag === "Read" && intent.targetState !== null
      ? { stateAfter: stateFor(read.campaign.status, intent.targetState) }
      : {}),
    errorCode: finding.success
      ? null
      : finding.outcome === "unknown"
        ? "OUTCOME_UNKNOWN"
        : "NOT_APPLIED",
    errorDetails: finding.details
  })
  return { intent, result: finding.outcome, entry }
})

interface Finding {
  readonly outcome: "recovered" | "unknown"
  readonly success: boolean
  readonly details: string
}

const found = Effect.fnUntraced(function* (
  intent: AuditEntry,
  campaign: Campaign
): Effect.fn.Return<Finding, AuditUnavailable, CampaignGateway | AuditLog> {
  const { capabilities } = yield* CampaignGateway
  const ledger = yield* AuditLog
  const last = (yield* ledger.lastApplied([campaign.id])).get(campaign.id)
  // An old intent must not become the newest word on a campaign that has been changed since.
  if (last !== undefined && last.sequence > intent.sequence)
    return {
      outcome: "unknown",
      success: false,
      details: `Read back after a crash: entry ${last.sequence} has told of the campaign since.`
    }
  if (intent.targetState !== null && shows(capabilities, campaign, intent.targetState))
    return {
      outcome: "recovered",
      success: true,
      details: "Read back after a crash: the change is there."
    }
  if (campaign.lock === intent.lockBefore)
    return {
      outcome: "recovered",
      success: false,
      details:
        "Read back after a crash: the campaign was not written to, so the change was not made."
    }
  return {
    outcome: "unknown",
    success: false,
    details: `Read back after a crash: the campaign was written to since and is ${campaign.status} now.`
  }
})

const draftFrom = (intent: AuditEntry): AuditDraft => ({
  campaignId: intent.campaignId,
  campaignName: intent.campaignName,
  divisionId: intent.divisionId,
  currentState: intent.currentState,
  targetState: intent.targetState,
  pauseReason: intent.pauseReason,
  note: intent.note,
  requestedBy: intent.requestedBy,
  source: intent.source,
  kind: "outcome",
  outcome: null,
  success: false,
  // How many writes the lost run sent is not known; the intent says none yet.
  attempts: intent.attempts,
  latencyMs: 0,
  verdicts: intent.verdicts,
  lockBefore: intent.lockBefore,
  lockAfter: null,
  errorCode: null,
  errorDetails: null,
  traceId: intent.traceId,
  requestId: intent.requestId,
  governanceLevel: intent.governanceLevel,
  intentId: intent.id
})
