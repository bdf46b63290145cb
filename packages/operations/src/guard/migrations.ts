import { Effect } from "effect"
import { type Migrator, SqlClient } from "effect/sql"

/** The table in which it is written which of these migrations a database has had. */
export const GUARD_MIGRATIONS_TABLE = "guard_migrations"

const tables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Without it SQLite keeps whatever type it is given.
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  yield* sql`CREATE TABLE guard_campaigns (
    campaign_id TEXT PRIMARY KEY,
    body TEXT NOT NULL
  ) ${strict}`
  yield* sql`CREATE TABLE guard_cycle (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    body TEXT NOT NULL
  ) ${strict}`
})

/** Every change of the guard's tables since the first, in order. A published one is never edited. */
export const guardMigrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "tables", Effect.succeed(tables)]
]
