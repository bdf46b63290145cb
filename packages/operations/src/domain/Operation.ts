import {
  AuditSource,
  CampaignId,
  LockToken,
  OverridableGuard,
  PauseReason,
  TargetState
} from "@campaignctl/core"
import { Schema } from "effect"
import { Selector } from "./Selector.ts"

/** A UUID v7: operations sort by the time at which they were submitted. */
export const OperationId = Schema.String.check(Schema.isUUID()).pipe(Schema.brand("OperationId"))
export type OperationId = typeof OperationId.Type

/** What is asked of each campaign of an operation. */
export const OperationChange = Schema.Struct({
  target: TargetState,
  pauseReason: Schema.optionalKey(PauseReason),
  note: Schema.optionalKey(Schema.String),
  drain: Schema.optionalKey(Schema.Boolean),
  restart: Schema.optionalKey(Schema.Boolean),
  overrides: Schema.optionalKey(
    Schema.Array(Schema.Struct({ guard: OverridableGuard, note: Schema.String }))
  )
})
export type OperationChange = typeof OperationChange.Type

/** The order in which a fleet's campaigns are changed. `listed` is the API's own. */
export const FleetOrder = Schema.Literals(["listed", "name", "division"])
export type FleetOrder = typeof FleetOrder.Type

/** Wait, after the change, until the calls have ended. Milliseconds; the change itself stands when it passes. */
const DrainDeadline = Schema.Int.check(Schema.isGreaterThan(0))

/** One campaign changed, and its drain waited for where a deadline is given. */
export const TransitionSpec = Schema.TaggedStruct("Transition", {
  campaignId: CampaignId,
  change: OperationChange,
  expectedLock: Schema.optionalKey(LockToken),
  drainDeadlineMs: Schema.optionalKey(DrainDeadline)
})
export type TransitionSpec = typeof TransitionSpec.Type

/** Many campaigns changed in the same way. */
export const FleetSpec = Schema.TaggedStruct("Fleet", {
  selector: Selector,
  change: OperationChange,
  order: FleetOrder,
  /** Campaigns that are changed at once. */
  concurrency: Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 100 })),
  /** The fleet stops by itself once more campaigns than this have failed or were rejected. Null: never. */
  maxFailures: Schema.NullOr(Schema.Int.check(Schema.isGreaterThanOrEqualTo(0))),
  drainDeadlineMs: Schema.optionalKey(DrainDeadline)
})
export type FleetSpec = typeof FleetSpec.Type

/** The panic stop. It holds until it is lifted by name. */
export const HaltSpec = Schema.TaggedStruct("Halt", {
  /** By which it is lifted; one hold of a name at a time. */
  name: Schema.NonEmptyString.check(Schema.isMaxLength(100)),
  selector: Selector,
  pauseReason: PauseReason,
  note: Schema.optionalKey(Schema.String),
  /** How long it goes on looking for campaigns that still dial. Milliseconds. */
  proofDeadlineMs: DrainDeadline
})
export type HaltSpec = typeof HaltSpec.Type

export const OperationSpec = Schema.Union([TransitionSpec, FleetSpec, HaltSpec])
export type OperationSpec = typeof OperationSpec.Type

/**
 * - `pending`: durable, not begun
 * - `running`, `paused`: begun; paused by an operator, and nothing new is begun until it is resumed
 * - `succeeded`: all that was asked is so
 * - `partial`: some campaigns were changed and some were not
 * - `failed`: nothing was changed, or the fleet could not be listed
 * - `cancelled`: ended by an operator; what was done stays done
 */
export const OperationStatus = Schema.Literals([
  "pending",
  "running",
  "paused",
  "succeeded",
  "partial",
  "failed",
  "cancelled"
])
export type OperationStatus = typeof OperationStatus.Type

/** What an operation does; each kind is carried on in its own way. */
export type OperationKind = OperationSpec["_tag"]

/** Whether an operation is over. */
export const isOver = (status: OperationStatus): boolean =>
  status !== "pending" && status !== "running" && status !== "paused"

/** Campaigns of an operation by what has come of them; their sum is the number of campaigns that were selected. */
export const OperationCounts = Schema.Struct({
  pending: Schema.Int,
  running: Schema.Int,
  /** Changed, but calls still run and are waited for. */
  draining: Schema.Int,
  applied: Schema.Int,
  alreadyThere: Schema.Int,
  rejected: Schema.Int,
  failed: Schema.Int,
  /** Whether the change was made could not be learned. */
  unknown: Schema.Int,
  /** Not begun when the operation was cancelled or stopped by its limit of failures. */
  skipped: Schema.Int
})
export type OperationCounts = typeof OperationCounts.Type

/** One durable, resumable piece of work, as it stands now. */
export const Operation = Schema.Struct({
  id: OperationId,
  spec: OperationSpec,
  status: OperationStatus,
  /** Whether it is to end as soon as what is under way has ended. */
  cancelRequested: Schema.Boolean,
  counts: OperationCounts,
  requestedBy: Schema.String,
  source: AuditSource,
  /** Of the schedule that fired it. */
  scheduleId: Schema.NullOr(Schema.String),
  /** The divisions to which whoever asked is bound; null: all. */
  divisionIds: Schema.NullOr(Schema.Array(Schema.String)),
  /** ISO 8601 in UTC, milliseconds. */
  submittedAt: Schema.String,
  startedAt: Schema.NullOr(Schema.String),
  finishedAt: Schema.NullOr(Schema.String),
  /** Why it ended as it did, or why it waits: a sentence for a person. */
  detail: Schema.NullOr(Schema.String),
  /** What the kind of operation has to tell when it is over, such as a halt's times. */
  report: Schema.NullOr(Schema.Unknown)
})
export type Operation = typeof Operation.Type
