import {
  type AuditEntry,
  AuditLog,
  AuditUnavailable,
  type CampaignId,
  getState,
  isViolation,
  openIntents,
  settleLanded,
  type TransitionPorts
} from "@campaignctl/core"
import { Effect, Stream } from "effect"
import { inProgress } from "../idempotency/inProgress.ts"
import { visibleTo } from "./one.ts"
import { answerProblem, type ServiceError } from "../problems/problemAnswer.ts"
import { problemPages, statusOfCode } from "../problems/statusOf.ts"
import { json, type TextAnswer } from "../routes/Answer.ts"
import type { Incoming } from "../routes/Route.ts"
import { etagOf } from "./etag.ts"
import type { TransitionDocument } from "./schemas.ts"

/**
 * What became of a change whose process died, from the ledger: the answer that it would have given,
 * or undefined where nothing was done, so that it may be done now.
 */
export const recover = Effect.fnUntraced(function* (
  campaignId: CampaignId,
  requestId: string,
  incoming: Incoming
): Effect.fn.Return<TextAnswer | undefined, ServiceError, TransitionPorts> {
  const settled = yield* settleLanded
  const ledger = yield* AuditLog
  const { requestedBy } = incoming.caller
  const entries = yield* Stream.runCollect(ledger.query({ requestId, requestedBy, campaignId }))
  const [open] = openIntents(entries)
  if (open !== undefined)
    return yield* settled.some(({ intent }) => intent.id === open.id)
      ? new AuditUnavailable({
          detail: "The change was begun by a run that ended, and cannot be settled yet.",
          changeMayHaveHappened: true
        })
      : // Its writer was not seen to have ended: whoever was asked has, but had another make the change.
        inProgress()
  const end = entries.findLast(({ kind }) => kind === "outcome" || kind === "rejection")
  if (end === undefined) return undefined
  if (end.success) return yield* succeeded(campaignId, end, incoming)
  // Settled by reading back, which showed that the change was not made.
  if (end.outcome === "recovered") return undefined
  return refused(end, incoming)
})

const succeeded = Effect.fnUntraced(function* (
  id: CampaignId,
  entry: AuditEntry,
  { caller }: Incoming
): Effect.fn.Return<TextAnswer, ServiceError, TransitionPorts> {
  // The change itself may have taken the campaign out of the caller's sight, into the archive's division.
  const seen = yield* Effect.flatMap(getState(id), visibleTo(caller)).pipe(
    Effect.catchTag("CampaignNotFound", () => Effect.undefined)
  )
  const state = seen?.state ?? entry.stateAfter ?? entry.targetState ?? "paused"
  const lock = seen?.campaign.lock ?? entry.lockAfter ?? entry.lockBefore ?? ""
  return json(
    {
      campaignId: id,
      name: entry.campaignName,
      from: entry.currentState ?? state,
      target: entry.targetState ?? "paused",
      state,
      outcome: entry.outcome === "already-there" ? "already-there" : "applied",
      dryRun: false,
      verdicts: entry.verdicts,
      warnings: ["The answer was put together from the ledger after a restart."],
      attempts: entry.attempts,
      latencyMs: entry.latencyMs,
      lockBefore: entry.lockBefore ?? lock,
      lockAfter: entry.lockAfter ?? lock,
      auditSequence: entry.sequence
    } satisfies TransitionDocument,
    { etag: etagOf(entry.lockAfter ?? lock) }
  )
})

const refused = (entry: AuditEntry, incoming: Incoming): TextAnswer => {
  const code = entry.errorCode ?? "OUTCOME_UNKNOWN"
  const page = problemPages.get(code)
  return answerProblem(
    {
      code,
      status: statusOfCode(code),
      title: page?.title ?? code,
      nextStep: page?.nextStep ?? "Look at the audit entry.",
      detail: entry.errorDetails ?? `The campaign may not become ${entry.targetState ?? ""}.`,
      parts: {
        auditSequence: entry.sequence,
        ...(entry.outcome === "rejected" ? { violations: entry.verdicts.filter(isViolation) } : {})
      }
    },
    {
      base: incoming.deployment.base,
      requestId: incoming.requestId,
      traceId: incoming.traceId,
      hideContextId: false
    }
  )
}
