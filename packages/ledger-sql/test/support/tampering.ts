import type { AuditLog } from "@campaignctl/core"
import { sequentialIds } from "@campaignctl/core/testing"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import { SqlClient, type SqlError, type Statement } from "effect/sql"
import fc from "fast-check"
import { layerSql } from "../../src/index.ts"
import { layerPostgresClient } from "../../src/postgres/index.ts"
import { sqlStateOf } from "../../src/steadfast.ts"
import { onFreshLedger } from "./ledgers.ts"

type Sql = SqlClient.SqlClient

/** Runs on an empty ledger, with the database beneath it to do it harm with. */
export type OnLedger = <A, E>(
  effect: Effect.Effect<A, E, AuditLog | SqlClient.SqlClient>
) => Promise<A>

/** As somebody would who owns the database: without triggers and constraints in the way. */
export const unguarded = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`DROP INDEX ledger_entries_one_outcome`
  yield* sql.onDialectOrElse({
    pg: () => sql`ALTER TABLE ledger_entries DISABLE TRIGGER ALL`,
    orElse: () =>
      Effect.all([
        sql`DROP TRIGGER ledger_entries_no_update`,
        sql`DROP TRIGGER ledger_entries_no_delete`,
        sql`PRAGMA foreign_keys = OFF`
      ])
  })
  return sql
})

/** The bytes of a text. */
export const bytesOf = (sql: Sql, column: string): Statement.Fragment =>
  sql.onDialectOrElse({
    pg: () => sql`convert_to(${sql(column)}, 'UTF8')`,
    orElse: () => sql`CAST(${sql(column)} AS BLOB)`
  })

/** How many they are. */
export const lengthOf = (sql: Sql, column: string): Statement.Fragment =>
  sql.onDialectOrElse({
    pg: () => sql`octet_length(${sql(column)})`,
    orElse: () => sql`length(CAST(${sql(column)} AS BLOB))`
  })

/** The text of bytes. */
export const textOf = (sql: Sql, bytes: Uint8Array): Statement.Fragment =>
  sql.onDialectOrElse({
    pg: () => sql`convert_from(${bytes}::bytea, 'UTF8')`,
    orElse: () => sql`CAST(${bytes} AS TEXT)`
  })

/** What PostgreSQL stores of no text or number: bytes that are not UTF-8, and numbers that are too large. */
const NO_VALUE: ReadonlySet<string> = new Set(["22021", "22003"])

/** Ids are unique, and a server's columns take no more than their type: such a change cannot be made. */
export const storable = <A, R>(change: Effect.Effect<A, SqlError.SqlError, R>) =>
  Effect.catchIf(
    change,
    (error) => error.reason._tag === "UniqueViolation" || NO_VALUE.has(sqlStateOf(error) ?? ""),
    () => Effect.sync(() => fc.pre(false))
  )

/** A database is not made for every run: this empties the one that there is. */
const emptied = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`ALTER TABLE ledger_entries DISABLE TRIGGER ALL`
  yield* sql`DELETE FROM intent_owners`
  yield* sql`DELETE FROM ledger_entries`
  yield* sql`UPDATE ledger_head SET sequence = 0, hash = ${"0".repeat(64)}`
  yield* sql`ALTER TABLE ledger_entries ENABLE TRIGGER ALL`
  yield* sql`CREATE UNIQUE INDEX IF NOT EXISTS ledger_entries_one_outcome
    ON ledger_entries (intent_id) WHERE kind = 'outcome'`
})

const postgres = ManagedRuntime.make(
  Layer.unwrap(
    Effect.map(Effect.promise(freshDatabase), (url) =>
      layerSql("the database").pipe(
        Layer.provideMerge(layerPostgresClient({ url: Redacted.make(url) })),
        Layer.provide(sequentialIds)
      )
    )
  )
)

/** The databases on which a ledger can be, each with the number of runs that its speed allows. */
export const databases: ReadonlyArray<readonly [name: string, on: OnLedger, runs: number]> = [
  ["SQLite", onFreshLedger, 100],
  ["PostgreSQL", (effect) => postgres.runPromise(Effect.andThen(emptied, effect)), 15]
]
