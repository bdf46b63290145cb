import {
  type CampaignId,
  CampaignNotFound,
  type CampaignState,
  report as tell
} from "@campaignctl/core"
import { Clock, Duration, Effect, Schedule, Schema } from "effect"
import { type OperationsUnavailable } from "../domain/errors.ts"
import type {
  Operation,
  OperationCounts,
  OperationId,
  OperationStatus
} from "../domain/Operation.ts"
import type { ItemStatus, OperationItem } from "../domain/OperationItem.ts"
import { type Integer, type ItemRow, itemOf, NOT_THERE } from "../database/rows.ts"
import type { OperationStore } from "../database/OperationStore.ts"
import { orUnavailable } from "../database/unavailable.ts"

/** Another process carries the operation on: this one must begin nothing more. */
export class Overtaken extends Schema.TaggedError<Overtaken>()("Overtaken", {
  operationId: Schema.String
}) {}

/** A campaign that an operation selects. */
export interface Selected {
  readonly campaignId: CampaignId
  readonly name: string
  readonly divisionId: string | null
  readonly state: CampaignState
}

/** An item as it was left, with what only who carries it on needs. */
export interface CarriedItem extends OperationItem {
  /** Epoch milliseconds until which its drain is waited for. */
  readonly drainUntil: number | null
}

/** What has come of an item. */
export interface ItemChange {
  readonly status: ItemStatus
  readonly stateAfter?: CampaignState | null
  readonly errorCode?: string | null
  readonly detail?: string | null
  readonly auditSequence?: number | null
  readonly attempts?: number
  readonly drainUntil?: number | null
}

/** What an operator has asked of an operation that is under way. */
export type Asked = "go-on" | "pause" | "cancel"

/**
 * The durable side of an operation for whoever carries it on. Storage that does not answer is waited
 * for; what fails is only that another process has taken the operation over.
 *
 * Whoever takes an operation up raises its epoch, and everything here is done under the epoch that was
 * taken. A process that was stalled, and comes back while another carries on, begins nothing more. What
 * it had begun already, Genesys' lock token keeps harmless.
 */
export interface Carrier {
  readonly operation: Operation
  /** Whether the campaigns were selected already. */
  readonly selected: boolean
  /**
   * Writes down what is selected, in its order, and behind it as failed each id that was named and that no
   * campaign has; once for an operation.
   */
  readonly select: (
    campaigns: ReadonlyArray<Selected>,
    missing?: ReadonlyArray<CampaignId>
  ) => Effect.Effect<void, Overtaken>
  readonly items: (
    statuses: ReadonlyArray<ItemStatus>
  ) => Effect.Effect<ReadonlyArray<CarriedItem>, Overtaken>
  readonly asked: Effect.Effect<Asked, Overtaken>
  /**
   * Marks an item as begun, durable before anything is sent; or says why it is not to be begun now:
   * what was asked of the operation, or that something has come of the item already.
   */
  readonly claim: (position: number) => Effect.Effect<Asked | "settled", Overtaken>
  readonly put: (position: number, change: ItemChange) => Effect.Effect<void>
  /** Marks as skipped what has not been begun. */
  readonly skipPending: Effect.Effect<void, Overtaken>
}

/** Milliseconds between tries of a database that does not answer: soon at first, then as often as a person would. */
const FIRST_TRY_MS = 200
const LAST_TRY_MS = 5_000

/** Waits for as long as it takes: what is durable is lost by nobody's impatience. */
const patiently = <A, E, R>(
  effect: Effect.Effect<A, E | OperationsUnavailable, R>
): Effect.Effect<A, Exclude<E, OperationsUnavailable>, R> =>
  effect.pipe(
    Effect.tapError((error) =>
      isUnavailable(error) ? Effect.logWarning(error.message) : Effect.void
    ),
    Effect.retry({
      while: isUnavailable,
      schedule: Schedule.min([
        Schedule.exponential(FIRST_TRY_MS),
        Schedule.spaced(Duration.millis(LAST_TRY_MS))
      ])
    })
    // `retry` without an end leaves no such error, which the compiler cannot see.
  ) as Effect.Effect<A, Exclude<E, OperationsUnavailable>, R>

const isUnavailable = (error: unknown): error is OperationsUnavailable =>
  typeof error === "object" &&
  error !== null &&
  "_tag" in error &&
  error._tag === "OperationsUnavailable"

type Store = OperationStore["Service"]

const nowText = Effect.map(Clock.currentTimeMillis, (now) => new Date(now).toISOString())

/** Takes an operation up; undefined where it is over already. */
export const takeUp = (
  store: Store,
  id: OperationId,
  runner: string
): Effect.Effect<TakenUp | undefined> =>
  patiently(
    orUnavailable(
      Effect.gen(function* () {
        const { sql } = store
        const [row] = yield* sql<{ epoch: Integer; selected_at: string | null }>`UPDATE operations
          SET epoch = epoch + 1, runner = ${runner}, started_at = COALESCE(started_at, ${yield* nowText}),
            status = CASE WHEN status = 'pending' THEN 'running' ELSE status END
          WHERE id = ${id} AND ${sql.in("status", ["pending", "running", "paused"])}
          RETURNING epoch, selected_at`
        if (row === undefined) return undefined
        yield* sql`UPDATE operation_items SET epoch = ${row.epoch}
          WHERE operation_id = ${id} AND status = 'running' AND epoch < ${row.epoch}`
        const operation = yield* store.get(id)
        return makeCarrier(store, operation, Number(row.epoch), row.selected_at !== null)
      })
    )
  ).pipe(Effect.catchTag("OperationNotFound", () => Effect.succeed(undefined)))

/** An operation that this process carries on. */
export interface TakenUp extends Carrier {
  readonly end: (
    status: OperationStatus,
    detail: string | null,
    report: unknown
  ) => Effect.Effect<void, Overtaken>
  /** What has come of its campaigns until now. */
  readonly counts: Effect.Effect<OperationCounts>
}

const makeCarrier = (
  store: Store,
  operation: Operation,
  epoch: number,
  selected: boolean
): TakenUp => {
  const { sql } = store
  const { id } = operation
  const overtaken = new Overtaken({ operationId: id })
  const mine = sql`EXISTS (SELECT 1 FROM operations WHERE id = ${id} AND epoch = ${epoch})`

  const askedNow = Effect.gen(function* () {
    const [row] = yield* sql<{ status: string; cancel_requested: Integer; epoch: Integer }>`
      SELECT status, cancel_requested, epoch FROM operations WHERE id = ${id}`
    if (row === undefined || Number(row.epoch) !== epoch) return yield* overtaken
    if (Number(row.cancel_requested) === 1) return "cancel" as const
    return row.status === "paused" ? ("pause" as const) : ("go-on" as const)
  })

  /** Tells of campaigns of which something has come. A reply that is lost leaves theirs untold. */
  const told = (status: ItemStatus, count: number) =>
    count === 0
      ? Effect.void
      : tell({ _tag: "ItemsEnded", kind: operation.spec._tag, status, count })

  const durable = <A, E>(effect: Effect.Effect<A, E>) => patiently(orUnavailable(effect))

  return {
    operation,
    selected,
    asked: durable(askedNow),
    select: (campaigns, missing = []) =>
      durable(
        sql.withTransaction(
          Effect.gen(function* () {
            const rows = yield* sql`UPDATE operations SET selected_at = ${yield* nowText}
              WHERE id = ${id} AND epoch = ${epoch} AND selected_at IS NULL RETURNING id`
            if (rows.length === 0) {
              // Done already where the reply of an earlier try was lost.
              yield* askedNow
              return
            }
            const begun = { operation_id: id, attempts: 0, epoch }
            yield* store.insertItems(
              campaigns.map(({ campaignId, divisionId, name, state }, index) => ({
                ...begun,
                position: index + 1,
                campaign_id: campaignId,
                name,
                division_id: divisionId,
                state_before: state,
                status: "pending" satisfies ItemStatus
              }))
            )
            const finishedAt = yield* nowText
            yield* store.insertItems(
              missing.map((campaignId, index) => {
                const { message, page } = new CampaignNotFound({ campaignId })
                return {
                  ...begun,
                  position: campaigns.length + index + 1,
                  campaign_id: campaignId,
                  // There is no other name to show.
                  name: campaignId,
                  division_id: null,
                  state_before: NOT_THERE,
                  status: "failed" satisfies ItemStatus,
                  error_code: page.code,
                  detail: message,
                  finished_at: finishedAt
                }
              })
            )
            return missing.length
          })
        )
      ).pipe(Effect.flatMap((count) => told("failed", count ?? 0))),
    items: (statuses) =>
      durable(
        Effect.map(
          sql<ItemRow>`SELECT * FROM operation_items
            WHERE operation_id = ${id} AND ${sql.in("status", statuses)} ORDER BY position`,
          (rows) =>
            rows.map((row) => ({
              ...itemOf(row),
              drainUntil: row.drain_until === null ? null : Date.parse(row.drain_until)
            }))
        )
      ),
    claim: (position) =>
      durable(
        Effect.gen(function* () {
          // A claim whose reply was lost is claimed again under the same epoch.
          const rows = yield* sql`UPDATE operation_items SET status = 'running', epoch = ${epoch}
            WHERE operation_id = ${id} AND position = ${position}
              AND (status = 'pending' OR (status = 'running' AND epoch = ${epoch}))
              AND EXISTS (SELECT 1 FROM operations WHERE id = ${id} AND epoch = ${epoch}
                AND status = 'running' AND cancel_requested = 0)
            RETURNING position`
          if (rows.length > 0) return "go-on" as const
          const asked = yield* askedNow
          if (asked !== "go-on") return asked
          const [item] = yield* sql<{ status: string }>`SELECT status FROM operation_items
            WHERE operation_id = ${id} AND position = ${position}`
          // A process that was overtaken has begun it before, and has it under way still.
          return item?.status === "running" ? yield* overtaken : ("settled" as const)
        })
      ),
    put: (position, change) =>
      durable(
        Effect.gen(function* () {
          const over = change.status !== "pending" && change.status !== "draining"
          const rows = yield* sql`UPDATE operation_items SET ${sql.update({
            status: change.status,
            state_after: change.stateAfter ?? null,
            error_code: change.errorCode ?? null,
            detail: change.detail ?? null,
            audit_sequence: change.auditSequence ?? null,
            attempts: change.attempts ?? 0,
            drain_until:
              change.drainUntil === undefined || change.drainUntil === null
                ? null
                : new Date(change.drainUntil).toISOString(),
            finished_at: over ? yield* nowText : null
          })} WHERE operation_id = ${id} AND position = ${position}
            AND ${sql.in("status", ["pending", "running", "draining"])}
            AND ${change.status === "pending" ? sql`epoch = ${epoch}` : sql`1 = 1`}
            RETURNING position`
          return over ? rows.length : 0
        })
      ).pipe(Effect.flatMap((count) => told(change.status, count))),
    skipPending: durable(
      Effect.gen(function* () {
        const rows =
          yield* sql`UPDATE operation_items SET status = 'skipped', finished_at = ${yield* nowText}
          WHERE operation_id = ${id} AND status = 'pending' AND ${mine} RETURNING position`
        yield* askedNow
        return rows.length
      })
    ).pipe(Effect.flatMap((count) => told("skipped", count))),
    counts: durable(
      store.get(id).pipe(
        Effect.catchTag("OperationNotFound", Effect.die),
        Effect.map(({ counts }) => counts)
      )
    ),
    end: (status, detail, report) =>
      durable(
        Effect.gen(function* () {
          const rows = yield* sql`UPDATE operations SET ${sql.update({
            status,
            detail,
            report: report === null || report === undefined ? null : JSON.stringify(report),
            finished_at: yield* nowText
          })} WHERE id = ${id} AND epoch = ${epoch} RETURNING id`
          if (rows.length === 0) return yield* overtaken
        })
      )
  }
}
