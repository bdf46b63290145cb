import { AuditLog, type AuditUnavailable } from "@campaignctl/core"
import { Effect } from "effect"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import { holdDraft } from "./auditHold.ts"
import type { HoldRecord } from "./HoldRecord.ts"
import { HoldStore } from "./HoldStore.ts"

/** Tells the ledger of a hold, once: not where that was done already. */
export const recordRaised = Effect.fnUntraced(function* (
  hold: HoldRecord
): Effect.fn.Return<void, AuditUnavailable | OperationsUnavailable, AuditLog | HoldStore> {
  if (hold.raisedSequence !== null) return
  const [ledger, store] = [yield* AuditLog, yield* HoldStore]
  const draft = yield* holdDraft(hold, {
    kind: "halt-raised",
    note: hold.reason,
    requestedBy: hold.raisedBy,
    source: hold.source
  })
  const { sequence } = yield* ledger.append(draft)
  yield* store.recorded(hold.id, sequence)
})
