import { AuditLog, type AuditSource, type AuditUnavailable } from "@campaignctl/core"
import { Clock, Effect } from "effect"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import { holdDraft } from "./auditHold.ts"
import { HoldNotFound } from "./errors.ts"
import { type HoldRecord, isWithin } from "./HoldRecord.ts"
import { HoldStore } from "./HoldStore.ts"

/** Who lifts what. */
export interface LiftRequest {
  readonly name: string
  readonly liftedBy: string
  readonly source: AuditSource
  readonly note?: string
  /** The divisions that whoever asks may touch; a hold that reaches beyond is not theirs to lift. Absent: all. */
  readonly divisionIds?: ReadonlyArray<string>
}

/**
 * Lifts every hold of a name; from then on campaigns in its scope may be started again. Nothing is
 * started by it.
 *
 * The ledger is told first: where it cannot be, the hold goes on holding.
 */
export const liftHold = Effect.fnUntraced(function* (
  request: LiftRequest
): Effect.fn.Return<
  ReadonlyArray<HoldRecord>,
  HoldNotFound | OperationsUnavailable | AuditUnavailable,
  AuditLog | HoldStore
> {
  const [ledger, store] = [yield* AuditLog, yield* HoldStore]
  const { liftedBy, name, source } = request
  const note = request.note ?? null
  const active = yield* store.list({ name, active: true })
  const holds = active.filter((hold) => isWithin(request.divisionIds, hold))
  if (holds.length === 0) return yield* new HoldNotFound({ name })
  return yield* Effect.forEach(holds, (hold) =>
    Effect.gen(function* () {
      const draft = yield* holdDraft(hold, {
        kind: "halt-lifted",
        note,
        requestedBy: liftedBy,
        source
      })
      const { sequence } = yield* ledger.append(draft)
      const liftedAt = new Date(yield* Clock.currentTimeMillis).toISOString()
      yield* store.lift(hold.id, { liftedBy, liftedAt, note, sequence })
      return { ...hold, liftedBy, liftedAt, liftNote: note, liftedSequence: sequence }
    }).pipe(Effect.uninterruptible)
  )
})
