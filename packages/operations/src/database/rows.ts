import { Schema } from "effect"
import { Operation, type OperationCounts, OperationSpec } from "../domain/Operation.ts"
import { type ItemStatus, OperationItem } from "../domain/OperationItem.ts"

/** Integers come back from PostgreSQL as BigInt where the column is wide. */
export type Integer = number | bigint

/** A row of `operations`. */
export interface OperationRow {
  readonly id: string
  readonly kind: string
  readonly spec: string
  readonly status: string
  readonly cancel_requested: Integer
  readonly epoch: Integer
  readonly requested_by: string
  readonly source: string
  readonly schedule_id: string | null
  readonly division_ids: string | null
  readonly submitted_at: string
  readonly selected_at: string | null
  readonly started_at: string | null
  readonly finished_at: string | null
  readonly detail: string | null
  readonly report: string | null
}

/** A row of `operation_items`. */
export interface ItemRow {
  readonly position: Integer
  readonly campaign_id: string
  readonly name: string
  readonly division_id: string | null
  readonly state_before: string
  readonly status: string
  readonly state_after: string | null
  readonly error_code: string | null
  readonly detail: string | null
  readonly audit_sequence: Integer | null
  readonly attempts: Integer
  readonly finished_at: string | null
  readonly drain_until: string | null
}

/** How many items of an operation have a status. */
export interface CountRow {
  readonly operation_id: string
  readonly status: string
  readonly items: Integer
}

/** The `state_before` of an id that no campaign has: the column takes no null. */
export const NOT_THERE = ""

const SpecText = Schema.fromJsonString(OperationSpec)
export const encodeSpec = Schema.encodeSync(SpecText)
const decodeSpec = Schema.decodeSync(SpecText)
const decodeOperation = Schema.decodeUnknownSync(Operation)
const decodeItem = Schema.decodeUnknownSync(OperationItem)

const parsed = Schema.decodeSync(Schema.fromJsonString(Schema.Unknown))

const COUNT_OF: Readonly<Record<ItemStatus, keyof OperationCounts>> = {
  pending: "pending",
  running: "running",
  draining: "draining",
  applied: "applied",
  "already-there": "alreadyThere",
  rejected: "rejected",
  failed: "failed",
  unknown: "unknown",
  skipped: "skipped"
}

const NONE: OperationCounts = {
  pending: 0,
  running: 0,
  draining: 0,
  applied: 0,
  alreadyThere: 0,
  rejected: 0,
  failed: 0,
  unknown: 0,
  skipped: 0
}

export const countsOf = (rows: ReadonlyArray<CountRow>): OperationCounts => ({
  ...NONE,
  ...Object.fromEntries(
    // The column holds what `COUNT_OF` has a key for: only this package writes it.
    rows.map(({ items, status }) => [COUNT_OF[status as ItemStatus], Number(items)])
  )
})

/** The operation of a row. The tables are this package's own: a row that cannot be read is a defect. */
export const operationOf = (row: OperationRow, counts: OperationCounts): Operation =>
  decodeOperation({
    id: row.id,
    spec: decodeSpec(row.spec),
    status: row.status,
    cancelRequested: Number(row.cancel_requested) === 1,
    counts,
    requestedBy: row.requested_by,
    source: row.source,
    scheduleId: row.schedule_id,
    divisionIds: row.division_ids === null ? null : parsed(row.division_ids),
    submittedAt: row.submitted_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    detail: row.detail,
    report: row.report === null ? null : parsed(row.report)
  })

export const itemOf = (row: ItemRow): OperationItem =>
  decodeItem({
    position: Number(row.position),
    campaignId: row.campaign_id,
    name: row.name,
    divisionId: row.division_id,
    stateBefore: row.state_before === NOT_THERE ? null : row.state_before,
    status: row.status,
    stateAfter: row.state_after,
    errorCode: row.error_code,
    detail: row.detail,
    auditSequence: row.audit_sequence === null ? null : Number(row.audit_sequence),
    attempts: Number(row.attempts),
    finishedAt: row.finished_at
  })
