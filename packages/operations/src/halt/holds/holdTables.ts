import { Effect } from "effect"
import { type Migrator, SqlClient } from "effect/sql"

/** The table in which it is written which migrations a database has had. */
export const HOLD_MIGRATIONS_TABLE = "holds_migrations"

const holds = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Without it SQLite keeps whatever type it is given.
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  // On PostgreSQL an INTEGER has 32 bits; a ledger may grow beyond.
  const long = sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))
  yield* sql`CREATE TABLE holds (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    scope TEXT NOT NULL,
    reason TEXT NOT NULL,
    raised_by TEXT NOT NULL,
    raised_at TEXT NOT NULL,
    source TEXT NOT NULL,
    request_id TEXT,
    raised_sequence ${long},
    lifted_by TEXT,
    lifted_at TEXT,
    lift_note TEXT,
    lifted_sequence ${long}
  ) ${strict}`
  // What makes a second halt of the same name and scope join the first.
  yield* sql`CREATE UNIQUE INDEX holds_active ON holds (name, scope) WHERE lifted_at IS NULL`
})

/** Every change of the table since the first, in order. A published one is never edited. */
export const holdMigrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "holds", Effect.succeed(holds)]
]
