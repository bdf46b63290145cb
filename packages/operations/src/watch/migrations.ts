import { Effect } from "effect"
import { type Migrator, SqlClient } from "effect/sql"

/** The table in which it is written which of these migrations a database has had. */
export const WATCH_MIGRATIONS_TABLE = "watch_migrations"

const tables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Without it SQLite keeps whatever type it is given.
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  const integer = sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))
  yield* sql`CREATE TABLE watch_campaigns (
    campaign_id TEXT PRIMARY KEY,
    status TEXT NOT NULL,
    lock TEXT NOT NULL,
    state TEXT NOT NULL,
    told_in ${integer} NOT NULL,
    covered INTEGER NOT NULL
  ) ${strict}`
  yield* sql`CREATE TABLE watch_beat (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    body TEXT NOT NULL
  ) ${strict}`
})

/** Every change of the watch's tables since the first, in order. A published one is never edited. */
export const watchMigrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "tables", Effect.succeed(tables)]
]
