import { Effect } from "effect"
import { type Migrator, SqlClient } from "effect/sql"

/** The table in which it is written which of these migrations a database has had. */
export const SCHEDULE_MIGRATIONS_TABLE = "schedule_migrations"

const tables = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Without it SQLite keeps whatever type it is given.
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  // Epoch milliseconds do not fit into the 32 bits of PostgreSQL's INTEGER.
  const instant = sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))
  yield* sql`CREATE TABLE schedules (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    managed_by TEXT,
    division_ids TEXT,
    handled_until ${instant} NOT NULL,
    last_due ${instant},
    next_at ${instant},
    basis TEXT NOT NULL,
    problem TEXT
  ) ${strict}`
  yield* sql`CREATE INDEX schedules_next ON schedules (next_at)`
  yield* sql`CREATE INDEX schedules_last ON schedules (last_due)`
  yield* sql`CREATE INDEX schedules_basis ON schedules (basis, id)`
  yield* sql`CREATE TABLE schedule_firings (
    schedule_id TEXT NOT NULL,
    due_at ${instant} NOT NULL,
    result TEXT NOT NULL,
    operation_id TEXT,
    detail TEXT,
    recorded_at ${instant} NOT NULL,
    PRIMARY KEY (schedule_id, due_at)
  ) ${strict}`
  yield* sql`CREATE INDEX schedule_firings_recorded ON schedule_firings (recorded_at)`
})

const presence = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  const instant = sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))
  yield* sql`CREATE TABLE schedule_presence (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    seen_at ${instant} NOT NULL
  ) ${strict}`
})

/** Every change of the tables since the first, in order. A published one is never edited. */
export const scheduleMigrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "schedules", Effect.succeed(tables)],
  [2, "presence", Effect.succeed(presence)]
]
