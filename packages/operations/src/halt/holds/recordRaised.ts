import { AuditLog, type AuditUnavailable, canonicalJson } from "@campaignctl/core"
import { Effect, Stream } from "effect"
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
  const told = yield* toldBefore(hold)
  if (told !== undefined) return yield* store.recorded(hold.id, told)
  const draft = yield* holdDraft(hold, {
    kind: "halt-raised",
    note: hold.reason,
    requestedBy: hold.raisedBy,
    source: hold.source
  })
  const { sequence } = yield* ledger.append(draft)
  yield* store.recorded(hold.id, sequence)
})

/** Where the ledger tells of a hold whose row does not know it yet: a crash came between the two. */
const toldBefore = Effect.fnUntraced(function* ({
  name,
  requestId,
  scope
}: HoldRecord): Effect.fn.Return<number | undefined, AuditUnavailable, AuditLog> {
  if (requestId === null) return undefined
  const ledger = yield* AuditLog
  const entries = yield* Stream.runCollect(ledger.query({ requestId, kind: "halt-raised" }))
  const same = entries.find(
    ({ campaignName, holdScope }) =>
      campaignName === name && canonicalJson(holdScope ?? {}) === canonicalJson(scope)
  )
  return same?.sequence
})
