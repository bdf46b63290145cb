import {
  type AuditDraft,
  type AuditEntry,
  AuditLog,
  type AuditUnavailable,
  report
} from "@campaignctl/core"
import { Clock, Effect } from "effect"

const NANOS_PER_MILLI = 1_000_000

/** Appends one entry, and says that it is there to whoever measures. */
export const recorded = Effect.fnUntraced(function* (
  draft: AuditDraft
): Effect.fn.Return<AuditEntry, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  const began = yield* Clock.monotonicTimeNanos
  const entry = yield* ledger.append(draft)
  const tookMs = Number((yield* Clock.monotonicTimeNanos) - began) / NANOS_PER_MILLI
  yield* report({ _tag: "Recorded", entry, tookMs })
  return entry
})
