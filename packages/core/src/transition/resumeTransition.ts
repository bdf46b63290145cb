import { Effect, Stream } from "effect"
import { AuditUnavailable, OutcomeUnknown, type TransitionError } from "../errors/errors.ts"
import type { AuditEntry } from "../ledger/AuditEntry.ts"
import { openIntents } from "../ledger/openIntents.ts"
import { AuditLog } from "../ports/AuditLog.ts"
import { getState } from "./getState.ts"
import { settleLanded, settleThose } from "./settle.ts"
import { transition, type TransitionPorts } from "./transition.ts"
import type { TransitionRequest } from "./TransitionRequest.ts"
import type { TransitionResult } from "./TransitionResult.ts"

/** A request that can be found again in the ledger. */
export type NamedRequest = TransitionRequest & { readonly requestId: string }

/** Whether an intent that has no outcome may be settled now, beside those whose writer has ended. */
export interface ResumeOptions {
  /** True only where the caller knows that no run of this request is under way anywhere. */
  readonly settleOpen?: boolean
}

/**
 * Runs a transition that may have been run before, by a process that ended or whose reply was lost.
 *
 * What the ledger knows to have been done is not done again, and what it cannot know is `OutcomeUnknown`
 * again; only what was not done, or was refused, is decided afresh. Where an earlier run's intent
 * cannot be settled yet, because its writer may still be at it, this fails with `AuditUnavailable` and
 * `changeMayHaveHappened`: ask again later.
 */
export const resumeTransition = Effect.fnUntraced(function* (
  request: NamedRequest,
  options: ResumeOptions = {}
): Effect.fn.Return<TransitionResult, TransitionError, TransitionPorts> {
  const before = yield* entriesOf(request)
  const open = openIntents(before)
  if (open.length > 0) yield* options.settleOpen === true ? settleThose(open) : settleLanded
  const entries = open.length > 0 ? yield* entriesOf(request) : before
  if (openIntents(entries).length > 0)
    return yield* new AuditUnavailable({
      detail:
        "The change was begun by another run, which may still be at it, and cannot be settled yet.",
      changeMayHaveHappened: true
    })
  const end = entries.findLast(({ kind }) => kind === "outcome")
  if (end === undefined || isOpenToRetry(end)) return yield* transition(request)
  if (end.success) return yield* resultFrom(end, request)
  return yield* new OutcomeUnknown({
    campaignId: request.campaignId,
    target: request.target,
    detail: end.errorDetails ?? "the ledger says so.",
    auditSequence: end.sequence
  })
})

const entriesOf = Effect.fnUntraced(function* ({
  campaignId,
  requestId
}: NamedRequest): Effect.fn.Return<ReadonlyArray<AuditEntry>, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  return yield* Stream.runCollect(ledger.query({ campaignId, requestId }))
})

/**
 * Whether a run that ended so may be followed by another. An interrupted one may even where its write
 * is in doubt: the next one reads first, and writes under the lock that the first one would have used up.
 */
const isOpenToRetry = ({ errorCode, outcome, success }: AuditEntry): boolean =>
  !success && (outcome !== "unknown" || errorCode === "INTERRUPTED")

/** The result of a run whose end only the ledger tells, with the campaign as it is now. */
const resultFrom = Effect.fnUntraced(function* (
  entry: AuditEntry,
  { campaignId, target }: NamedRequest
): Effect.fn.Return<TransitionResult, TransitionError, TransitionPorts> {
  const { campaign, state } = yield* getState(campaignId)
  return {
    _tag: entry.outcome === "already-there" ? "AlreadyThere" : "Applied",
    campaign,
    from: entry.currentState ?? state,
    state,
    target,
    verdicts: entry.verdicts,
    warnings: ["The answer was put together from the ledger after an interruption."],
    attempts: entry.attempts,
    latencyMs: entry.latencyMs,
    lockBefore: entry.lockBefore ?? campaign.lock,
    lockAfter: entry.lockAfter ?? campaign.lock,
    auditSequence: entry.sequence
  }
})
