import type { CampaignState, DrainResult, TargetState, Verdict } from "@campaignctl/core"
import type { ErrorDocument } from "../errors/ErrorDocument.ts"

/** How the wait for a drain ended. */
export interface DrainDocument {
  readonly result: "drained" | "still-draining" | "resumed" | "not-shown" | "failed" | "interrupted"
  readonly waitedMs?: number
}

/** What came of one campaign's change, as `-o json` and `-o yaml` write it. Part of the documented output. */
export interface TransitionDocument {
  readonly campaignId: string
  /** Absent where the campaign could not be read. */
  readonly name?: string
  /** The state before. */
  readonly from?: CampaignState
  /** The state that was asked for. */
  readonly to: TargetState
  /** The state afterwards. */
  readonly state?: CampaignState
  /** `would-apply` under `--dry-run` alone. */
  readonly outcome: "applied" | "already-there" | "would-apply" | "rejected" | "failed" | "unknown"
  readonly verdicts: ReadonlyArray<Verdict>
  /** Changes that were sent to Genesys. */
  readonly attempts: number
  readonly latencyMs?: number
  /** The ledger sequence of the outcome. */
  readonly auditSequence?: number
  readonly dryRun: boolean
  /** With `--wait` alone: whether no call runs any more; null where the contract cannot tell. */
  readonly drained?: boolean | null
  readonly drain?: DrainDocument
  readonly warnings: ReadonlyArray<string>
  readonly error?: ErrorDocument
}

export const drainResults: Readonly<Record<DrainResult["_tag"], DrainDocument["result"]>> = {
  Drained: "drained",
  StillDraining: "still-draining",
  Resumed: "resumed",
  NotShown: "not-shown"
}
