import { Effect } from "effect"
import { type Migrator, SqlClient } from "effect/sql"

/** The table in which it is written which migrations a database has had. */
export const BUDGET_MIGRATIONS_TABLE = "request_budgets_migrations"

const budgets = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Without it SQLite keeps whatever type it is given.
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  // On PostgreSQL an INTEGER has 32 bits, too few for milliseconds since 1970.
  const long = sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))
  yield* sql`CREATE TABLE request_budgets (
    id TEXT PRIMARY KEY,
    law TEXT NOT NULL,
    turns ${long} NOT NULL
  ) ${strict}`
  yield* sql`CREATE TABLE request_permits (
    id TEXT PRIMARY KEY,
    budget_id TEXT NOT NULL REFERENCES request_budgets (id),
    process TEXT NOT NULL,
    counts_until ${long} NOT NULL
  ) ${strict}`
  yield* sql`CREATE INDEX request_permits_counting ON request_permits (budget_id, counts_until)`
  yield* sql`CREATE TABLE request_waits (
    budget_id TEXT NOT NULL REFERENCES request_budgets (id),
    process TEXT NOT NULL,
    class TEXT NOT NULL,
    waiting INTEGER NOT NULL,
    since ${long} NOT NULL,
    seen_at ${long} NOT NULL,
    PRIMARY KEY (budget_id, process, class)
  ) ${strict}`
})

/** Every change of the tables since the first, in order. A published one is never edited. */
export const budgetMigrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "budgets", Effect.succeed(budgets)]
]
