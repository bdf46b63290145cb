import type { CampaignId, LockToken } from "../campaign/Campaign.ts"
import type { ChangeRequest } from "../decision/Request.ts"
import type { SlotsFact } from "../guards/Facts.ts"
import type { AuditSource } from "../ledger/AuditEntry.ts"

/** What a caller asks of one campaign. */
export interface TransitionRequest extends ChangeRequest {
  readonly campaignId: CampaignId
  /** Kept in the audit. */
  readonly note?: string
  /** Who asks, as the audit records it. */
  readonly requestedBy: string
  readonly source: AuditSource
  /** False asks for running calls to be ended, where the contract can. True unless said. */
  readonly drain?: boolean
  /** How many campaigns are on, where the caller has just counted them. */
  readonly slots?: SlotsFact
  /** What the caller calls the request, kept in the audit. */
  readonly requestId?: string
  /** The lock token that the caller saw. Where the campaign shows another one, the run ends in `LockConflict`. */
  readonly expectedLock?: LockToken
  /** The divisions that the caller may touch; a campaign of any other is not found. Absent: all. */
  readonly divisionIds?: ReadonlyArray<string>
}
