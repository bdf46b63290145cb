import { Effect } from "effect"
import { type GatewayError, OutcomeUnknown, type TransitionError } from "../errors/errors.ts"
import type { AuditLog } from "../ports/AuditLog.ts"
import { appendOutcome, type Run } from "./Run.ts"

/** Ends the run on a definite error; where a write is still in doubt, on not knowing. */
export const failed = Effect.fnUntraced(function* (
  run: Run,
  error: GatewayError
): Effect.fn.Return<never, TransitionError, AuditLog> {
  const inDoubt = run.uncertain
  const entry = yield* appendOutcome(run, {
    outcome: inDoubt ? "unknown" : "failed",
    success: false,
    errorCode: inDoubt ? "OUTCOME_UNKNOWN" : error.page.code,
    errorDetails: error.message
  })
  if (!inDoubt) return yield* Effect.fail(error)
  return yield* new OutcomeUnknown({
    campaignId: run.request.campaignId,
    target: run.request.target,
    detail: `the reply was lost, and the campaign could not be read back. ${error.message}`,
    auditSequence: entry.sequence
  })
})
