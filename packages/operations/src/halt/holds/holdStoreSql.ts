import { canonicalJson, HoldScope } from "@campaignctl/core"
import { Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { openTables } from "../../database/openTables.ts"
import type { Integer } from "../../database/rows.ts"
import { orUnavailable } from "../../database/unavailable.ts"
import { OperationsUnavailable } from "../../domain/errors.ts"
import { HoldRecord } from "./HoldRecord.ts"
import { HoldStore } from "./HoldStore.ts"
import { HOLD_MIGRATIONS_TABLE, holdMigrations } from "./holdTables.ts"

/** Holds that a query gives where it names no limit; of those that hold it gives all. */
const DEFAULT_LIMIT = 1_000

interface HoldRow {
  readonly id: string
  readonly name: string
  readonly scope: string
  readonly reason: string
  readonly raised_by: string
  readonly raised_at: string
  readonly source: string
  readonly request_id: string | null
  readonly raised_sequence: Integer | null
  readonly lifted_by: string | null
  readonly lifted_at: string | null
  readonly lift_note: string | null
  readonly lifted_sequence: Integer | null
}

const decodeRecord = Schema.decodeUnknownEffect(HoldRecord)
const decodeScope = Schema.decodeUnknownEffect(Schema.fromJsonString(HoldScope))

const numberOr = (value: Integer | null): number | null => (value === null ? null : Number(value))

/** A hold that cannot be read is no hold that can be left out: nothing may start then. */
const recordOf = (row: HoldRow): Effect.Effect<HoldRecord, OperationsUnavailable> =>
  Effect.flatMap(decodeScope(row.scope), (scope) =>
    decodeRecord({
      id: row.id,
      name: row.name,
      scope,
      reason: row.reason,
      raisedBy: row.raised_by,
      raisedAt: row.raised_at,
      source: row.source,
      requestId: row.request_id,
      raisedSequence: numberOr(row.raised_sequence),
      liftedBy: row.lifted_by,
      liftedAt: row.lifted_at,
      liftNote: row.lift_note,
      liftedSequence: numberOr(row.lifted_sequence)
    })
  ).pipe(
    Effect.mapError(
      () =>
        new OperationsUnavailable({ detail: `the halt ${row.id} in the database cannot be read.` })
    )
  )

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* openTables(HOLD_MIGRATIONS_TABLE, holdMigrations)
  const read = (rows: ReadonlyArray<HoldRow>) => Effect.forEach(rows, recordOf)

  return HoldStore.of({
    raise: (hold) =>
      Effect.gen(function* () {
        const scope = canonicalJson(hold.scope)
        yield* sql`INSERT INTO holds ${sql.insert({
          id: hold.id,
          name: hold.name,
          scope,
          reason: hold.reason,
          raised_by: hold.raisedBy,
          raised_at: hold.raisedAt,
          source: hold.source,
          request_id: hold.requestId
        })} ON CONFLICT (name, scope) WHERE lifted_at IS NULL DO NOTHING`
        const [found] = yield* read(
          yield* sql<HoldRow>`SELECT * FROM holds
            WHERE name = ${hold.name} AND scope = ${scope} AND lifted_at IS NULL`
        )
        return (
          found ??
          (yield* new OperationsUnavailable({
            detail: `the halt “${hold.name}” was lifted in the moment in which it was raised.`
          }))
        )
      }).pipe(orUnavailable),
    recorded: (id, sequence) =>
      orUnavailable(
        Effect.asVoid(sql`UPDATE holds SET raised_sequence = ${sequence}
          WHERE id = ${id} AND raised_sequence IS NULL`)
      ),
    lift: (id, { liftedAt, liftedBy, note, sequence }) =>
      orUnavailable(
        Effect.asVoid(
          sql`UPDATE holds SET ${sql.update({
            lifted_by: liftedBy,
            lifted_at: liftedAt,
            lift_note: note,
            lifted_sequence: sequence
          })} WHERE id = ${id} AND lifted_at IS NULL`
        )
      ),
    list: ({ active, limit = active === true ? undefined : DEFAULT_LIMIT, name }) => {
      const conditions = [
        ...(name === undefined ? [] : [sql`name = ${name}`]),
        ...(active === undefined
          ? []
          : [active ? sql`lifted_at IS NULL` : sql`lifted_at IS NOT NULL`])
      ]
      return sql<HoldRow>`SELECT * FROM holds WHERE ${sql.and([sql`1 = 1`, ...conditions])}
        ORDER BY raised_at DESC, id DESC ${limit === undefined ? sql.literal("") : sql`LIMIT ${limit}`}`.pipe(
        Effect.flatMap(read),
        orUnavailable
      )
    }
  })
})

/** Holds on any database that an `SqlClient` reaches. Makes or migrates the table first. */
export const holdStoreSql: Layer.Layer<HoldStore, OperationsUnavailable, SqlClient.SqlClient> =
  Layer.effect(HoldStore, make)
