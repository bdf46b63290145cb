import type { AuditSource, HoldScope, PauseReason } from "@campaignctl/core"
import type { HaltSpec } from "../domain/Operation.ts"
import { scopeOf } from "./scopeOf.ts"

/** What a halt is to stop and to hold, and who says so. */
export interface HaltRequest {
  readonly name: string
  readonly scope: HoldScope
  readonly pauseReason: PauseReason
  readonly note?: string
  readonly requestedBy: string
  readonly source: AuditSource
  /** By which its entries in the ledger are found again, such as the operation's id. */
  readonly requestId: string
  /** Milliseconds from its beginning after which it gives its report, whatever that is. */
  readonly proofDeadlineMs: number
}

/** Who asks for a halt. */
export type HaltCaller = Pick<HaltRequest, "requestedBy" | "source" | "requestId"> & {
  /** The divisions that whoever asks may touch; absent: all. */
  readonly divisionIds?: ReadonlyArray<string>
}

export const haltRequestOf = (spec: HaltSpec, caller: HaltCaller): HaltRequest => ({
  name: spec.name,
  scope: scopeOf(spec.selector, caller.divisionIds),
  pauseReason: spec.pauseReason,
  ...(spec.note === undefined ? {} : { note: spec.note }),
  requestedBy: caller.requestedBy,
  source: caller.source,
  requestId: caller.requestId,
  proofDeadlineMs: spec.proofDeadlineMs
})
