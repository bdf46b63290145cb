import {
  type Campaign,
  type CapacityFact,
  type LockToken,
  type SlotsFact,
  type TransitionError,
  type TransitionResult
} from "@campaignctl/core"
import { Clock, Effect, Result } from "effect"
import type { Operation, OperationChange } from "../domain/Operation.ts"
import { requestIdOf } from "../domain/OperationItem.ts"
import type { CarriedItem, ItemChange } from "../engine/Carrier.ts"
import { Transitions } from "../ports/Transitions.ts"

/** What the changes of one operation have in common. */
export interface ChangePlan {
  readonly operation: Operation
  readonly change: OperationChange
  readonly expectedLock?: LockToken
  readonly drainDeadlineMs?: number
}

/** What was learned of a campaign by listing and counting, so that its change need not ask. */
export interface Learned {
  readonly seen?: Campaign
  readonly capacity?: CapacityFact
  readonly slots?: SlotsFact
}

/**
 * What has come of one try.
 *
 * - `Ended`: the item is as it will stay, or drains
 * - `PutOff`: nothing was changed, for a reason that is not the campaign's; to be tried again
 * - `Open`: a change may have been made, and cannot be settled yet; to be asked again
 */
export type Tried =
  | { readonly _tag: "Ended"; readonly change: ItemChange }
  | { readonly _tag: "PutOff"; readonly why: string; readonly retryAfterMs: number | undefined }
  | { readonly _tag: "Open"; readonly why: string }

/** Changes one campaign; `again` where an earlier process may have done so already. */
export const changeItem = Effect.fnUntraced(function* (
  { change, drainDeadlineMs, expectedLock, operation }: ChangePlan,
  item: Pick<CarriedItem, "campaignId">,
  learned: Learned,
  again: boolean
): Effect.fn.Return<Tried, never, Transitions> {
  const transitions = yield* Transitions
  const request = {
    ...change,
    ...learned,
    campaignId: item.campaignId,
    requestId: requestIdOf(operation.id, item.campaignId),
    requestedBy: operation.requestedBy,
    source: operation.source,
    ...(expectedLock === undefined ? {} : { expectedLock }),
    ...(operation.divisionIds === null ? {} : { divisionIds: operation.divisionIds })
  }
  const tried = yield* Effect.result(again ? transitions.resume(request) : transitions.run(request))
  return Result.isSuccess(tried)
    ? { _tag: "Ended", change: yield* changed(tried.success, drainDeadlineMs) }
    : refused(tried.failure)
})

const changed = Effect.fnUntraced(function* (
  result: TransitionResult,
  drainDeadlineMs: number | undefined
): Effect.fn.Return<ItemChange> {
  const { attempts, auditSequence, state } = result
  const told = { stateAfter: state, auditSequence, attempts }
  if (state === "draining" && drainDeadlineMs !== undefined)
    return {
      ...told,
      status: "draining",
      drainUntil: (yield* Clock.currentTimeMillis) + drainDeadlineMs
    }
  return {
    ...told,
    status: result._tag === "Applied" ? "applied" : "already-there",
    detail:
      [...result.warnings, ...(state === "draining" ? ["Calls still run."] : [])].join(" ") || null
  }
})

/** The codes of a last error that says nothing of the campaign. */
const OF_THE_BUDGET: ReadonlySet<string> = new Set(["RATE_LIMITED", "BUDGET_UNAVAILABLE"])

const refused = (error: TransitionError): Tried => {
  const ended = (status: ItemChange["status"]): Tried => ({
    _tag: "Ended",
    change: {
      status,
      errorCode: error.page.code,
      detail: error.message,
      auditSequence: "auditSequence" in error ? (error.auditSequence ?? null) : null,
      attempts: "attempts" in error ? error.attempts : 0
    }
  })
  if (error._tag === "AuditUnavailable")
    return error.changeMayHaveHappened
      ? { _tag: "Open", why: error.message }
      : { _tag: "PutOff", why: error.message, retryAfterMs: undefined }
  // The budget of all is spent, or cannot be asked for: no campaign's fault, and a later try may have one.
  if (error._tag === "BudgetUnavailable")
    return { _tag: "PutOff", why: error.message, retryAfterMs: undefined }
  if (
    error._tag === "RateLimited" ||
    (error._tag === "RetriesExhausted" && OF_THE_BUDGET.has(error.lastCode))
  )
    return { _tag: "PutOff", why: error.message, retryAfterMs: error.retryAfterMs }
  if (error._tag === "TransitionRejected") return ended("rejected")
  return ended(error._tag === "OutcomeUnknown" ? "unknown" : "failed")
}
