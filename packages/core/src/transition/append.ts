import { Clock, type Effect } from "effect"
import type { AuditUnavailable } from "../errors/errors.ts"
import type { AuditDraft, AuditEntry } from "../ledger/AuditEntry.ts"
import { AuditLog } from "../ports/AuditLog.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { annotate, traced } from "../telemetry/traced.ts"
import { report } from "./Progress.ts"

const NANOS_PER_MILLI = 1_000_000

/** Appends one entry, and says that it is there. */
export const append = traced(spans.append.name)(function* (
  draft: AuditDraft
): Effect.fn.Return<AuditEntry, AuditUnavailable, AuditLog> {
  yield* annotate(() => ({ [attribute.kind]: draft.kind }))
  const ledger = yield* AuditLog
  const began = yield* Clock.monotonicTimeNanos
  const entry = yield* ledger.append(draft)
  const tookMs = Number((yield* Clock.monotonicTimeNanos) - began) / NANOS_PER_MILLI
  yield* annotate(() => ({ [attribute.sequence]: entry.sequence }))
  yield* report({ _tag: "Recorded", entry, tookMs })
  return entry
})
