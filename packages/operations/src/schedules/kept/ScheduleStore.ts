import { Array, Context, Effect, Layer, Option } from "effect"
import { SqlClient } from "effect/sql"
import { openTables } from "../../database/openTables.ts"
import type { Integer } from "../../database/rows.ts"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import type { OperationId } from "../../domain/Operation.ts"
import type { Firing } from "../../ports/Schedules.ts"
import { encodeSchedule, type KeptSchedule, keptOf, type ScheduleRow } from "./KeptSchedule.ts"
import { SCHEDULE_MIGRATIONS_TABLE, scheduleMigrations } from "./scheduleTables.ts"

/** Rows of one insert: six values each, below SQLite's limit of 32,766. */
const ROWS_PER_INSERT = 1_000

interface FiringRow {
  readonly due_at: Integer
  readonly result: Firing["result"]
  readonly operation_id: OperationId | null
  readonly detail: string | null
}

type WithLast = ScheduleRow & {
  readonly f_due_at: Integer | null
  readonly f_result: Firing["result"] | null
  readonly f_operation_id: OperationId | null
  readonly f_detail: string | null
}

/** A schedule with its newest firing, where that is remembered. */
export interface ShownSchedule {
  readonly kept: KeptSchedule
  readonly lastFiring: Firing | null
}

/** A firing as it is recorded; the instant is epoch milliseconds. */
export interface NewFiring extends Omit<Firing, "dueAt"> {
  readonly scheduleId: string
  readonly dueAt: number
}

/** What has been settled about a schedule. */
export type Mark = Pick<KeptSchedule, "handledUntil" | "lastDue" | "nextAt" | "basis" | "problem">

const firingOf = ({ detail, due_at, operation_id, result }: FiringRow): Firing => ({
  dueAt: new Date(Number(due_at)).toISOString(),
  result,
  operationId: operation_id,
  detail
})

const shownOf = (row: WithLast): Option.Option<ShownSchedule> =>
  Option.map(keptOf(row), (kept) => ({
    kept,
    lastFiring:
      row.f_due_at === null || row.f_result === null
        ? null
        : firingOf({
            due_at: row.f_due_at,
            result: row.f_result,
            operation_id: row.f_operation_id,
            detail: row.f_detail
          })
  }))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* openTables(SCHEDULE_MIGRATIONS_TABLE, scheduleMigrations)

  const withLast = sql`SELECT s.*, f.due_at AS f_due_at, f.result AS f_result,
      f.operation_id AS f_operation_id, f.detail AS f_detail
    FROM schedules s
    LEFT JOIN schedule_firings f ON f.schedule_id = s.id AND f.due_at = s.last_due`

  const marked = ({ basis, handledUntil, lastDue, nextAt, problem }: Mark) => ({
    handled_until: handledUntil,
    last_due: lastDue,
    next_at: nextAt,
    basis,
    problem
  })

  return {
    sql,
    /** False where the name is taken. */
    insert: ({ divisionIds, managedBy, schedule, ...mark }: KeptSchedule) =>
      Effect.map(
        sql`INSERT INTO schedules ${sql.insert({
          id: schedule.id,
          name: schedule.name,
          body: encodeSchedule(schedule),
          managed_by: managedBy,
          division_ids: divisionIds === null ? null : JSON.stringify(divisionIds),
          ...marked(mark)
        })} ON CONFLICT (name) DO NOTHING RETURNING id`,
        (rows) => rows.length > 0
      ),
    /** By id or by name; by id first, should one's name be another's id. */
    find: (idOrName: string) =>
      Effect.map(
        sql<WithLast>`${withLast} WHERE s.id = ${idOrName} OR s.name = ${idOrName}`,
        (rows) =>
          Option.flatMap(
            Array.head(rows.toSorted((one) => (one.id === idOrName ? -1 : 1))),
            shownOf
          )
      ),
    /** By name. What this version cannot read is left out. */
    list: (managedBy: string | undefined) =>
      Effect.map(
        sql<WithLast>`${withLast} ${
          managedBy === undefined ? sql`` : sql`WHERE s.managed_by = ${managedBy}`
        } ORDER BY s.name`,
        (rows) => rows.flatMap((row) => Option.toArray(shownOf(row)))
      ),
    /** The schedule under the same id, with other times or another change; false as for `mark`. */
    replace: (
      before: Pick<KeptSchedule, "schedule" | "handledUntil">,
      { divisionIds, managedBy, schedule, ...mark }: KeptSchedule
    ) =>
      Effect.map(
        sql`UPDATE schedules SET ${sql.update({
          body: encodeSchedule(schedule),
          managed_by: managedBy,
          division_ids: divisionIds === null ? null : JSON.stringify(divisionIds),
          ...marked(mark)
        })} WHERE id = ${before.schedule.id} AND handled_until = ${before.handledUntil} RETURNING id`,
        (rows) => rows.length > 0
      ),
    /** As it was when it went; none where it is gone already, or where this version cannot read it. */
    remove: (id: string) =>
      Effect.map(
        Effect.all([
          sql<ScheduleRow>`DELETE FROM schedules WHERE id = ${id} RETURNING *`,
          sql`DELETE FROM schedule_firings WHERE schedule_id = ${id}`
        ]),
        ([rows]) => Option.flatMap(Array.head(rows), keptOf)
      ),
    firings: (id: string, limit: number) =>
      Effect.map(
        sql<FiringRow>`SELECT * FROM schedule_firings WHERE schedule_id = ${id}
          ORDER BY due_at DESC LIMIT ${limit}`,
        (rows) => rows.map(firingOf)
      ),
    /** Those that are to be looked at by an instant. */
    due: (now: number) =>
      sql<ScheduleRow>`SELECT * FROM schedules WHERE next_at <= ${now} ORDER BY id`,
    /** Those that are settled, and have fired at an instant or since. */
    firedSince: (since: number, now: number) =>
      Effect.map(
        sql<ScheduleRow>`SELECT * FROM schedules
          WHERE last_due >= ${since} AND (next_at IS NULL OR next_at > ${now})`,
        (rows) => rows.flatMap((row) => Option.toArray(keptOf(row)))
      ),
    /** When the next one is to be looked at. */
    nearest: Effect.map(
      sql<{ next_at: Integer }>`SELECT next_at FROM schedules WHERE next_at IS NOT NULL
        ORDER BY next_at LIMIT 1`,
      ([row]) => (row === undefined ? undefined : Number(row.next_at))
    ),
    /** Those whose next look was computed from something else. */
    ofAnotherBasis: (basis: string, limit: number) =>
      sql<ScheduleRow>`SELECT * FROM schedules WHERE basis < ${basis} OR basis > ${basis}
        ORDER BY basis, id LIMIT ${limit}`,
    /** False where it is gone, or where somebody else has settled it meanwhile. */
    mark: (row: Pick<ScheduleRow, "id" | "handled_until">, mark: Mark) =>
      Effect.map(
        sql`UPDATE schedules SET ${sql.update(marked(mark))}
          WHERE id = ${row.id} AND handled_until = ${Number(row.handled_until)} RETURNING id`,
        (rows) => rows.length > 0
      ),
    /** Leaves what is settled as it is, and changes when it is looked at next. */
    notBefore: (
      row: Pick<ScheduleRow, "id" | "handled_until">,
      { basis, nextAt, problem }: Pick<KeptSchedule, "nextAt" | "basis" | "problem">
    ) =>
      sql`UPDATE schedules SET ${sql.update({ next_at: nextAt, basis, problem })}
        WHERE id = ${row.id} AND handled_until = ${Number(row.handled_until)}`,
    /** Has those looked at anew whose times could not be told: whoever asks may be able to. */
    doubtProblems: sql`UPDATE schedules SET basis = '' WHERE problem IS NOT NULL`,
    /** Unsettles what was settled further ahead than an instant, up to which it counts as settled then. */
    unsettle: (ahead: number, now: number) =>
      Effect.map(
        sql`UPDATE schedules SET ${sql.update({ handled_until: now, basis: "" })}
          WHERE handled_until > ${ahead} RETURNING id`,
        (rows) => rows.length
      ),
    record: (firings: ReadonlyArray<NewFiring>, now: number) =>
      Effect.forEach(
        Array.chunksOf(firings, ROWS_PER_INSERT),
        (chunk) =>
          sql`INSERT INTO schedule_firings ${sql.insert(
            Array.map(chunk, ({ detail, dueAt, operationId, result, scheduleId }) => ({
              schedule_id: scheduleId,
              due_at: dueAt,
              result,
              operation_id: operationId,
              detail,
              recorded_at: now
            }))
          )} ON CONFLICT (schedule_id, due_at) DO UPDATE SET result = excluded.result,
            operation_id = excluded.operation_id, detail = excluded.detail,
            recorded_at = excluded.recorded_at`,
        { discard: true }
      ),
    /** When whoever fires gave its last sign of life; undefined where nobody ever has. */
    lastSeen: Effect.map(
      sql<{ seen_at: Integer }>`SELECT seen_at FROM schedule_presence`,
      ([row]) => (row === undefined ? undefined : Number(row.seen_at))
    ),
    seen: (now: number) =>
      sql`INSERT INTO schedule_presence ${sql.insert({ id: 1, seen_at: now })}
        ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`,
    forget: (before: number) => sql`DELETE FROM schedule_firings WHERE recorded_at < ${before}`
  }
})

/** The tables of schedules, for those who keep them and for the one who fires them. */
export class ScheduleStore extends Context.Service<ScheduleStore, Effect.Success<typeof make>>()(
  "@campaignctl/operations/ScheduleStore"
) {
  static readonly layer: Layer.Layer<ScheduleStore, OperationsUnavailable, SqlClient.SqlClient> =
    Layer.effect(ScheduleStore, make)
}
