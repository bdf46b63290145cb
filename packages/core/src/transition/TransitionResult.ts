import { Effect } from "effect"
import type { Campaign, LockToken } from "../campaign/Campaign.ts"
import type { CampaignState, TargetState } from "../campaign/State.ts"
import type { Verdict } from "../guards/Verdict.ts"
import type { AuditEntry } from "../ledger/AuditEntry.ts"
import { elapsedMs } from "./retrying.ts"
import type { Run } from "./Run.ts"

/** What came of a transition that ended well. */
export interface TransitionResult {
  /** `AlreadyThere` where nothing had to be written. */
  readonly _tag: "Applied" | "AlreadyThere"
  readonly campaign: Campaign
  readonly from: CampaignState
  /** The state now; `draining` after a pause whose calls still run. */
  readonly state: CampaignState
  readonly target: TargetState
  readonly verdicts: ReadonlyArray<Verdict>
  readonly warnings: ReadonlyArray<string>
  /** Changes that were sent to Genesys. */
  readonly attempts: number
  /** Milliseconds from the request to the recorded outcome. */
  readonly latencyMs: number
  readonly lockBefore: LockToken
  readonly lockAfter: LockToken
  /** The ledger sequence of the outcome. */
  readonly auditSequence: number
}

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
