import { Effect, Schema } from "effect"
import { Campaign, LockToken } from "../campaign/Campaign.ts"
import { CampaignState, TargetState } from "../campaign/State.ts"
import { Verdict } from "../guards/Verdict.ts"
import type { AuditEntry } from "../ledger/AuditEntry.ts"
import { elapsedMs } from "./retrying.ts"
import type { Run } from "./Run.ts"

/** What came of a transition that ended well. */
export const TransitionResult = Schema.Struct({
  /** `AlreadyThere` where nothing had to be written. */
  _tag: Schema.Literals(["Applied", "AlreadyThere"]),
  campaign: Campaign,
  from: CampaignState,
  /** The state now; `draining` after a pause whose calls still run. */
  state: CampaignState,
  target: TargetState,
  verdicts: Schema.Array(Verdict),
  warnings: Schema.Array(Schema.String),
  /** Changes that were sent to Genesys. */
  attempts: Schema.Number,
  /** Milliseconds from the request to the recorded outcome. */
  latencyMs: Schema.Number,
  lockBefore: LockToken,
  lockAfter: LockToken,
  /** The ledger sequence of the outcome. */
  auditSequence: Schema.Number
})
export type TransitionResult = typeof TransitionResult.Type

/** What a run has to tell once its outcome is recorded. */
export const resultOf = (
  run: Run,
  tag: TransitionResult["_tag"],
  campaign: Campaign,
  state: CampaignState,
  entry: AuditEntry,
  warnings: ReadonlyArray<string>
): Effect.Effect<TransitionResult> =>
  Effect.map(elapsedMs(run.clock), (latencyMs) => ({
    _tag: tag,
    campaign,
    from: run.state,
    state,
    target: run.request.target,
    verdicts: run.verdicts,
    warnings,
    attempts: run.attempts,
    latencyMs,
    lockBefore: run.lockBefore ?? campaign.lock,
    lockAfter: campaign.lock,
    auditSequence: entry.sequence
  }))
