import type { AuditEntry, AuditQuery, AuditUnavailable } from "@campaignctl/core"
import { Effect, Option, Stream } from "effect"
import { SqlClient, type Statement } from "effect/sql"
import { columnText, type Integer } from "./chain/LedgerRow.ts"
import { steadfast } from "./steadfast.ts"
import { orUnavailable, unavailable } from "./unavailable.ts"

/** Rows read at a time: about half a megabyte. */
const PAGE_ROWS = 500

/** An instant in the one form in which timestamps are stored, so that text compares as time does. */
const instant = (name: string, value: string): Effect.Effect<string, AuditUnavailable> => {
  const at = Date.parse(value)
  return Number.isNaN(at)
    ? Effect.fail(unavailable(`\`${name}\` must be an ISO 8601 instant, and "${value}" is none.`))
    : Effect.succeed(new Date(at).toISOString())
}

const conditions = Effect.fnUntraced(function* (sql: SqlClient.SqlClient, query: AuditQuery) {
  const [head] = yield* sql<{
    sequence: Integer
  }>`SELECT coalesce(max(sequence), 0) AS sequence FROM ledger_entries`
  // Entries appended while somebody reads are left out, so that every stream ends.
  const found: Array<Statement.Fragment> = [sql`sequence <= ${Number(head?.sequence)}`]
  if (query.campaignId !== undefined) found.push(sql`campaign_id = ${columnText(query.campaignId)}`)
  if (query.since !== undefined)
    found.push(sql`timestamp >= ${yield* instant("since", query.since)}`)
  if (query.until !== undefined)
    found.push(sql`timestamp < ${yield* instant("until", query.until)}`)
  if (query.outcome !== undefined) found.push(sql`outcome = ${query.outcome}`)
  if (query.kind !== undefined) found.push(sql`kind = ${query.kind}`)
  if (query.requestedBy !== undefined)
    found.push(sql`requested_by = ${columnText(query.requestedBy)}`)
  if (query.requestId !== undefined) found.push(sql`request_id = ${columnText(query.requestId)}`)
  if (query.divisionIds !== undefined)
    found.push(
      query.divisionIds.length === 0
        ? sql`1 = 0`
        : sql.in("division_id", query.divisionIds.map(columnText))
    )
  if (query.beforeSequence !== undefined) found.push(sql`sequence < ${query.beforeSequence}`)
  if (query.afterSequence !== undefined) found.push(sql`sequence > ${query.afterSequence}`)
  return found
})

interface Cursor {
  readonly left: number
  /** The sequence of the last row that was read. */
  readonly at?: number
}

/** The entries that a query asks for, page by page, each read when the stream is pulled for it. */
export const queryEntries = (
  place: string,
  query: AuditQuery,
  read: (row: { readonly body: string }) => Effect.Effect<AuditEntry, AuditUnavailable>
): Stream.Stream<AuditEntry, AuditUnavailable, SqlClient.SqlClient> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const where = yield* steadfast(conditions(sql, query))
      const newestFirst = query.newestFirst === true
      const order = sql.literal(newestFirst ? "DESC" : "ASC")
      const past = (at: number) => (newestFirst ? sql`sequence < ${at}` : sql`sequence > ${at}`)

      const page = Effect.fnUntraced(function* ({ at, left }: Cursor) {
        const size = Math.min(left, PAGE_ROWS)
        const all = at === undefined ? where : [...where, past(at)]
        const rows = yield* sql<{
          sequence: Integer
          body: string
        }>`SELECT sequence, body FROM ledger_entries
          WHERE ${sql.and(all)} ORDER BY sequence ${order} LIMIT ${size}`
        const entries = yield* Effect.forEach(rows, read)
        const last = rows.at(-1)
        const done = last === undefined || rows.length < size || left === size
        return [
          entries,
          done
            ? Option.none<Cursor>()
            : Option.some({ left: left - size, at: Number(last.sequence) })
        ] as const
      })
      return Stream.paginate<Cursor, AuditEntry, AuditUnavailable>(
        { left: query.limit ?? Infinity },
        (cursor) =>
          steadfast(page(cursor)).pipe(
            Effect.provideService(SqlClient.SqlClient, sql),
            orUnavailable(place)
          )
      )
    }).pipe(orUnavailable(place))
  )
