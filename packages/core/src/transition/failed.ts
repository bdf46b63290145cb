import { Effect } from "effect"
import {
  type AuditUnavailable,
  type GatewayError,
  OutcomeUnknown,
  type TransitionError
} from "../errors/errors.ts"
import type { AuditLog } from "../ports/AuditLog.ts"
import { appendOutcome, type Run } from "./Run.ts"

/** Ends the run on a definite error; where a write is still in doubt, on not knowing. */
export const failed = Effect.fnUntraced(function* (
  run: Run,
  error: GatewayError
): Effect.fn.Return<never, TransitionError, AuditLog> {
  if (run.doubt !== undefined) return yield* leftInDoubt(run, error.message)
  yield* appendOutcome(run, {
    outcome: "failed",
    success: false,
    errorCode: error.page.code,
    errorDetails: error.message
  })
  return yield* Effect.fail(error)
})

/** Ends the run on not knowing: a write whose reply was lost may have landed, or may still land. */
export const leftInDoubt = Effect.fnUntraced(function* (
  run: Run,
  last: string
): Effect.fn.Return<never, OutcomeUnknown | AuditUnavailable, AuditLog> {
  const { campaignId, target } = run.request
  const entry = yield* appendOutcome(run, {
    outcome: "unknown",
    success: false,
    errorCode: "OUTCOME_UNKNOWN",
    errorDetails: last
  })
  return yield* new OutcomeUnknown({
    campaignId,
    target,
    detail: `the reply to a change was lost, and no look at the campaign since could settle what became of it. ${last}`,
    auditSequence: entry.sequence
  })
})
