import { AuditSource, Hold } from "@campaignctl/core"
import { Schema } from "effect"
import { areWithin } from "../../domain/areWithin.ts"

/** A hold with all that is kept of it. Several of one name differ in their scopes, and are lifted together. */
export const HoldRecord = Schema.Struct({
  ...Hold.fields,
  /** UUID v7. */
  id: Schema.String,
  source: AuditSource,
  /** Of the halt that raised it. */
  requestId: Schema.NullOr(Schema.String),
  /** In the ledger; null while that could not be written. */
  raisedSequence: Schema.NullOr(Schema.Int),
  liftedBy: Schema.NullOr(Schema.String),
  /** ISO 8601 in UTC, milliseconds; null while it holds. */
  liftedAt: Schema.NullOr(Schema.String),
  liftNote: Schema.NullOr(Schema.String),
  liftedSequence: Schema.NullOr(Schema.Int)
})
export type HoldRecord = typeof HoldRecord.Type

/** What is known of a hold when it is raised. */
export type NewHold = Pick<
  HoldRecord,
  "id" | "name" | "scope" | "raisedBy" | "raisedAt" | "reason" | "source" | "requestId"
>

/** Whether whoever is bound to these divisions may see and lift a hold; whoever is bound to none may any. */
export const isWithin = (
  divisionIds: ReadonlyArray<string> | undefined,
  { scope }: Pick<HoldRecord, "scope">
): boolean =>
  divisionIds === undefined ||
  (scope.divisionIds !== undefined && areWithin(scope.divisionIds, divisionIds))
