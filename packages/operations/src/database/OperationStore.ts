import { Array, Clock, Context, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { areWithin } from "../domain/areWithin.ts"
import { OperationNotFound, type OperationsUnavailable } from "../domain/errors.ts"
import type { Operation, OperationId, OperationStatus } from "../domain/Operation.ts"
import type { ItemQuery, OperationQuery, Submission } from "../ports/Operations.ts"
import { migrations, MIGRATIONS_TABLE } from "./migrations.ts"
import { openTables } from "./openTables.ts"
import {
  type CountRow,
  countsOf,
  encodeSpec,
  type ItemRow,
  itemOf,
  operationOf,
  type OperationRow
} from "./rows.ts"
import { orUnavailable } from "./unavailable.ts"

/** Rows that one statement inserts: fifteen columns each, under SQLite's 32,766 parameters. */
const ROWS_PER_INSERT = 1_000
/** Operations and items that a query gives where it names no limit; the most that it gives. */
const DEFAULT_LIMIT = 100
const LARGEST_LIMIT = 10_000

const limitOf = (limit: number | undefined): number =>
  Math.max(1, Math.min(limit ?? DEFAULT_LIMIT, LARGEST_LIMIT))

/** The statuses of an operation that is not over, as a list for SQL. */
const OPEN = ["pending", "running", "paused"] as const satisfies ReadonlyArray<OperationStatus>

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* openTables(MIGRATIONS_TABLE, migrations)

  const withCounts = Effect.fnUntraced(function* (rows: ReadonlyArray<OperationRow>) {
    if (rows.length === 0) return []
    const counts = yield* sql<CountRow>`SELECT operation_id, status, count(*) AS items
      FROM operation_items WHERE ${sql.in(
        "operation_id",
        rows.map(({ id }) => id)
      )}
      GROUP BY operation_id, status`
    const ofOperation = Map.groupBy(counts, ({ operation_id }) => operation_id)
    return rows.map((row) => operationOf(row, countsOf(ofOperation.get(row.id) ?? [])))
  })

  const find = Effect.fnUntraced(function* (id: OperationId) {
    const [found] = yield* withCounts(
      yield* sql<OperationRow>`SELECT * FROM operations WHERE id = ${id}`
    )
    return found
  })

  const get = (
    id: OperationId
  ): Effect.Effect<Operation, OperationNotFound | OperationsUnavailable> =>
    Effect.flatMap(orUnavailable(find(id)), (found) =>
      found === undefined
        ? Effect.fail(new OperationNotFound({ operationId: id }))
        : Effect.succeed(found)
    )

  const submit = Effect.fnUntraced(function* (submission: Submission) {
    const now = new Date(yield* Clock.currentTimeMillis).toISOString()
    yield* sql`INSERT INTO operations ${sql.insert({
      id: submission.id,
      kind: submission.spec._tag,
      spec: encodeSpec(submission.spec),
      status: "pending" satisfies OperationStatus,
      cancel_requested: 0,
      epoch: 0,
      requested_by: submission.requestedBy,
      source: submission.source,
      schedule_id: submission.scheduleId ?? null,
      division_ids:
        submission.divisionIds === undefined ? null : JSON.stringify(submission.divisionIds),
      submitted_at: now
    })} ON CONFLICT (id) DO NOTHING`
    return yield* get(submission.id)
  })

  /** One page of a list; the callers' divisions are compared here, because they are kept as JSON. */
  const page = (query: OperationQuery, before: string | undefined, limit: number) => {
    const conditions = [
      ...(query.statuses === undefined ? [] : [sql.in("status", query.statuses)]),
      ...(query.kind === undefined ? [] : [sql`kind = ${query.kind}`]),
      ...(query.scheduleId === undefined ? [] : [sql`schedule_id = ${query.scheduleId}`]),
      ...(query.divisionIds === undefined ? [] : [sql`division_ids IS NOT NULL`]),
      ...(before === undefined ? [] : [sql`id < ${before}`])
    ]
    return sql<OperationRow>`SELECT * FROM operations WHERE ${sql.and([sql`1 = 1`, ...conditions])}
      ORDER BY id DESC LIMIT ${limit}`
  }

  const list = Effect.fnUntraced(function* (query: OperationQuery) {
    const limit = limitOf(query.limit)
    const found: Array<Operation> = []
    let before: string | undefined = query.before
    while (found.length < limit) {
      const rows: ReadonlyArray<OperationRow> = yield* page(query, before, limit)
      const operations = yield* withCounts(rows)
      found.push(...operations.filter(mayBeSeenBy(query.divisionIds)))
      before = rows.at(-1)?.id
      if (rows.length < limit) break
    }
    return found.slice(0, limit)
  })

  const items = Effect.fnUntraced(function* (id: OperationId, query: ItemQuery) {
    yield* get(id)
    const status = query.statuses === undefined ? [] : [sql.in("status", query.statuses)]
    const rows = yield* sql<ItemRow>`SELECT * FROM operation_items
      WHERE ${sql.and([sql`operation_id = ${id}`, sql`position > ${query.afterPosition ?? 0}`, ...status])}
      ORDER BY position LIMIT ${limitOf(query.limit)}`
    return rows.map(itemOf)
  })

  return {
    sql,
    get,
    submit: (submission: Submission) =>
      submit(submission).pipe(
        orUnavailable,
        // It was inserted, or was there, and rows are never deleted.
        Effect.catchTag("OperationNotFound", Effect.die)
      ),
    list: (query: OperationQuery) => orUnavailable(list(query)),
    items: (id: OperationId, query: ItemQuery) => orUnavailable(items(id, query)),
    /** Ids of operations that nobody has begun although they were submitted before this instant. */
    neverBegun: (before: string) =>
      orUnavailable(
        Effect.map(
          sql<{ id: OperationId; kind: Operation["spec"]["_tag"] }>`SELECT id, kind FROM operations
            WHERE status = 'pending' AND epoch = 0 AND submitted_at < ${before} ORDER BY id`,
          (rows) => rows.map(({ id, kind }) => ({ id, kind }))
        )
      ),
    /** Sets a flag of an operation that is not over; false where it is over. */
    steer: (id: OperationId, asked: "pause" | "resume" | "cancel") =>
      orUnavailable(
        Effect.map(
          asked === "cancel"
            ? sql`UPDATE operations SET cancel_requested = 1
                WHERE id = ${id} AND ${sql.in("status", OPEN)} RETURNING id`
            : asked === "pause"
              ? sql`UPDATE operations SET status = 'paused'
                  WHERE id = ${id} AND ${sql.in("status", OPEN)} RETURNING id`
              : sql`UPDATE operations SET status = CASE WHEN epoch = 0 THEN 'pending' ELSE 'running' END
                  WHERE id = ${id} AND ${sql.in("status", OPEN)} RETURNING id`,
          (rows) => rows.length > 0
        )
      ),
    insertItems: (rows: ReadonlyArray<Record<string, unknown>>) =>
      Effect.forEach(
        Array.chunksOf(rows, ROWS_PER_INSERT),
        (chunk) => sql`INSERT INTO operation_items ${sql.insert(chunk)}`,
        { discard: true }
      )
  }
})

/** Whether whoever is bound to these divisions may see an operation; whoever is bound to none sees all. */
export const mayBeSeenBy =
  (divisionIds: ReadonlyArray<string> | undefined) =>
  (operation: Operation): boolean =>
    divisionIds === undefined ||
    (operation.divisionIds !== null && areWithin(operation.divisionIds, divisionIds))

/** The tables of operations, for the port and for those who carry operations on. */
export class OperationStore extends Context.Service<OperationStore, Effect.Success<typeof make>>()(
  "@campaignctl/operations/OperationStore"
) {
  static readonly layer: Layer.Layer<OperationStore, OperationsUnavailable, SqlClient.SqlClient> =
    Layer.effect(OperationStore, make)
}
