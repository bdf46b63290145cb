import { Effect } from "effect"
import type { Campaign } from "../campaign/Campaign.ts"
import { CampaignNotFound, LockConflict, type TransitionError } from "../errors/errors.ts"
import type { AuditLog } from "../ports/AuditLog.ts"
import { failed } from "./failed.ts"
import { isInDivisions } from "./inDivisions.ts"
import { record, type Run } from "./Run.ts"

/**
 * Ends the run where the campaign is in none of the caller's divisions: to them there is none.
 * Nothing is written about a campaign that the caller may not know of, unless a run on it has begun.
 */
export const checkDivision = (
  run: Run,
  campaign: Campaign
): Effect.Effect<void, TransitionError, AuditLog> => {
  const { campaignId, divisionIds } = run.request
  if (isInDivisions(divisionIds, campaign)) return Effect.void
  const error = new CampaignNotFound({ campaignId })
  return run.intent === undefined ? Effect.fail(error) : failed(run, error)
}

/** Ends the run where the campaign is not as the caller saw it: what they asked for may not be what they want now. */
export const checkLock = Effect.fnUntraced(function* (
  run: Run,
  { lock }: Campaign
): Effect.fn.Return<void, TransitionError, AuditLog> {
  const { campaignId, expectedLock } = run.request
  if (expectedLock === undefined || lock === expectedLock) return
  const error = new LockConflict({ campaignId })
  if (run.intent !== undefined) return yield* failed(run, error)
  yield* record(run, {
    kind: "rejection",
    outcome: "rejected",
    success: false,
    errorCode: error.page.code,
    errorDetails: error.message
  })
  return yield* error
})
