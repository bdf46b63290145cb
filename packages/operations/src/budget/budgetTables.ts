import {
  type BudgetClass,
  budgetClasses,
  type BudgetPolicy,
  countsUntil,
  type Held,
  initialLaw,
  Law,
  type Line
} from "@campaignctl/core"
import { Array as Arr, Clock, Effect, Schema } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import type { Integer } from "../database/rows.ts"

/** Permits of which the times are read: enough to tell when the next are free; later ones are read later. */
const TIMES_READ = 128
/** Milliseconds after which a process that waits no longer counts as one that does: it asks every second. */
const WAIT_SEEN_MS = 3_000

const LawJson = Schema.fromJsonString(Law)
const decodeLaw = Schema.decodeUnknownEffect(LawJson)
const encodeLaw = Schema.encodeEffect(LawJson)

type Row = Readonly<Record<string, string | number>>

/** A permit as the table has it. */
export interface PermitRow {
  readonly id: string
  readonly countsUntil: number
}

/** Which clock tells the time: the database's, one for all processes; or this process's, for tests. */
export type BudgetClock = "database" | "process"

/** The statements on one budget's rows, for one process. Each turn calls them in one transaction. */
export const budgetTables = Effect.fnUntraced(function* (
  budgetId: string,
  process: string,
  policy: BudgetPolicy,
  clock: BudgetClock
) {
  const sql = yield* SqlClient.SqlClient
  const now = sql.literal(
    sql.onDialectOrElse({
      // Not the transaction's own time: it may have waited for its turn.
      pg: () => "(extract(epoch FROM clock_timestamp()) * 1000)::BIGINT",
      orElse: () => "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
    })
  )

  /** Takes the turn: whoever else wants it waits for the end of the transaction. */
  const begin = Effect.gen(function* () {
    const [row] = yield* sql<{ law: string; now: Integer }>`
      UPDATE request_budgets SET turns = turns + 1 WHERE id = ${budgetId} RETURNING law, ${now} AS now`
    const ours = yield* Clock.currentTimeMillis
    // What cannot be read was written by another version: everything is learnt anew from the next reply.
    const law = yield* decodeLaw(row?.law).pipe(Effect.orElseSucceed(() => initialLaw))
    return { law, now: clock === "process" ? ours : Number(row?.now ?? ours) }
  })

  const drop = (ids: ReadonlyArray<string>): Effect.Effect<number, SqlError.SqlError> =>
    ids.length === 0
      ? Effect.succeed(0)
      : Effect.map(
          sql`DELETE FROM request_permits WHERE ${sql.in("id", ids)} RETURNING id`,
          (rows) => rows.length
        )

  const put = (permits: ReadonlyArray<PermitRow>): Effect.Effect<void, SqlError.SqlError> => {
    const rows: ReadonlyArray<Row> = permits.map((permit) => ({
      id: permit.id,
      budget_id: budgetId,
      process,
      counts_until: Math.ceil(permit.countsUntil)
    }))
    return Arr.isReadonlyArrayNonEmpty(rows)
      ? Effect.asVoid(
          sql`INSERT INTO request_permits ${sql.insert(rows)}
            ON CONFLICT (id) DO UPDATE SET counts_until = excluded.counts_until`
        )
      : Effect.void
  }

  /** The permits that count now; those that do not are deleted. */
  const held = Effect.fnUntraced(function* (at: number) {
    yield* sql`DELETE FROM request_permits WHERE budget_id = ${budgetId} AND counts_until <= ${at}`
    const [counted] = yield* sql<{ active: Integer; unfinished: Integer; processes: Integer }>`
      SELECT count(*) AS active,
        count(*) FILTER (WHERE counts_until > ${countsUntil(policy, at, 0)}) AS unfinished,
        count(DISTINCT process) AS processes
      FROM request_permits WHERE budget_id = ${budgetId}`
    const times = yield* sql<{ counts_until: Integer }>`
      SELECT counts_until FROM request_permits WHERE budget_id = ${budgetId}
      ORDER BY counts_until LIMIT ${TIMES_READ}`
    const found: Held = {
      active: Number(counted?.active ?? 0),
      unfinished: Number(counted?.unfinished ?? 0),
      freedAt: (many) => Number(times[Math.min(many, times.length) - 1]?.counts_until ?? at)
    }
    return { held: found, processes: Number(counted?.processes ?? 0) }
  })

  /** Those who wait in other processes. */
  const othersWaiting = (at: number): Effect.Effect<ReadonlyArray<Line>, SqlError.SqlError> =>
    Effect.map(
      sql<{ class: string; waiting: Integer; since: Integer }>`
        SELECT class, waiting, since FROM request_waits
        WHERE budget_id = ${budgetId} AND process <> ${process} AND seen_at > ${at - WAIT_SEEN_MS}`,
      (rows) =>
        rows.flatMap((row) => {
          const budgetClass = budgetClasses.find((one) => one === row.class)
          return budgetClass === undefined
            ? []
            : [
                {
                  class: budgetClass,
                  waiting: Number(row.waiting),
                  waitedMs: at - Number(row.since),
                  own: false
                }
              ]
        })
    )

  /** Tells the other processes who waits here. */
  const tellWaiting = Effect.fnUntraced(function* (
    lines: ReadonlyArray<{ class: BudgetClass; waiting: number; waitedMs: number }>,
    at: number
  ) {
    yield* sql`DELETE FROM request_waits WHERE budget_id = ${budgetId}
      AND (process = ${process} OR seen_at <= ${at - WAIT_SEEN_MS})`
    const rows: ReadonlyArray<Row> = lines.map((line) => ({
      budget_id: budgetId,
      process,
      class: line.class,
      waiting: line.waiting,
      since: Math.floor(at - line.waitedMs),
      seen_at: at
    }))
    if (Arr.isReadonlyArrayNonEmpty(rows)) yield* sql`INSERT INTO request_waits ${sql.insert(rows)}`
  })

  const keep = (law: Law) =>
    Effect.flatMap(
      Effect.orDie(encodeLaw(law)),
      (text) => sql`UPDATE request_budgets SET law = ${text} WHERE id = ${budgetId}`
    )

  const open = Effect.flatMap(
    Effect.orDie(encodeLaw(initialLaw)),
    (text) => sql`INSERT INTO request_budgets (id, law, turns) VALUES (${budgetId}, ${text}, 0)
      ON CONFLICT (id) DO NOTHING`
  )

  return { sql, begin, drop, put, held, othersWaiting, tellWaiting, keep, open }
})
