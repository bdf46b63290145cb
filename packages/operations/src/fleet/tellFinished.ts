import { type AuditDraft, AuditLog, NO_SINGLE_CAMPAIGN, Settings } from "@campaignctl/core"
import { Effect, Equal, Schedule, Stream } from "effect"
import type { Operation } from "../domain/Operation.ts"
import type { OperationEnd } from "../engine/OperationBody.ts"

/** Milliseconds between tries of a ledger that does not answer; it is on the database that the operation is on. */
const AGAIN_MS = 5_000

const draftOf = (
  { counts, divisionIds, id, requestedBy, source, spec }: Operation,
  { detail, status }: OperationEnd,
  governanceLevel: string
): AuditDraft | undefined =>
  spec._tag !== "Fleet"
    ? undefined
    : {
        campaignId: NO_SINGLE_CAMPAIGN,
        campaignName: "",
        // Of several, or of none, it is nobody's alone to read about.
        divisionId: divisionIds?.length === 1 ? (divisionIds[0] ?? null) : null,
        currentState: null,
        targetState: null,
        pauseReason: null,
        note: detail,
        requestedBy,
        source,
        kind: "fleet-finished",
        outcome: null,
        success: status === "succeeded",
        attempts: 0,
        latencyMs: 0,
        verdicts: [],
        lockBefore: null,
        lockAfter: null,
        errorCode: null,
        errorDetails: null,
        traceId: null,
        requestId: id,
        governanceLevel,
        intentId: null,
        fleet: {
          operationId: id,
          status,
          targetState: spec.change.target,
          campaigns: { ...counts }
        }
      }

/**
 * Writes down that a fleet has finished, before the operation says so. A process that is killed in between
 * leaves it to the next, which writes no more than what is different then.
 */
export const tellFinished = Effect.fnUntraced(function* (
  operation: Operation,
  end: OperationEnd
): Effect.fn.Return<void, never, AuditLog> {
  const { governanceLevel } = yield* Settings
  const draft = draftOf(operation, end, governanceLevel)
  if (draft === undefined) return
  const ledger = yield* AuditLog
  const { campaignId, fleet, kind } = draft
  const newest = ledger.query({
    campaignId,
    kind,
    requestId: operation.id,
    newestFirst: true,
    limit: 1
  })
  yield* Stream.runCollect(newest).pipe(
    Effect.flatMap(([told]) =>
      Equal.equals(told?.fleet, fleet) ? Effect.void : ledger.append(draft)
    ),
    Effect.tapError(({ message }) =>
      Effect.logWarning(`The end of a fleet cannot be written down yet: ${message}`)
    ),
    Effect.retry(Schedule.spaced(AGAIN_MS)),
    // Tried until it is written, which the type does not show.
    Effect.orDie
  )
})
