import { type AuditEntry, AuditLog, type AuditUnavailable } from "@campaignctl/core"
import { Effect, Stream } from "effect"
import type { HaltRun } from "./HaltRun.ts"

const DETAILS =
  "An earlier run of the halt was ended before it could tell; a later one saw the campaign not dialling."

/** Intents of this request that no outcome settles. */
const openOf = (entries: ReadonlyArray<AuditEntry>): ReadonlyArray<AuditEntry> => {
  const settled = new Set(entries.map(({ intentId }) => intentId))
  return entries.filter(({ id, kind }) => kind === "intent" && !settled.has(id))
}

/**
 * Gives the intents of an earlier run, which a crash ended, their outcomes. Only once it is proven that
 * nothing dials; what cannot be told now is settled at a later start as any other intent.
 */
export const settleEarlier = Effect.fnUntraced(function* (
  run: HaltRun
): Effect.fn.Return<void, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  const { requestId } = run.request
  const entries = yield* Stream.runCollect(ledger.query({ requestId }))
  for (const intent of openOf(entries)) {
    yield* ledger.append({
      ...intent,
      kind: "outcome",
      outcome: "recovered",
      success: true,
      latencyMs: 0,
      errorDetails: DETAILS,
      intentId: intent.id
    })
  }
})
