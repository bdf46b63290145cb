import { Effect } from "effect"
import { type Migrator, SqlClient } from "effect/sql"

/** The table in which it is written which migrations a database has had. */
export const MIGRATIONS_TABLE = "operations_migrations"

const operations = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Without it SQLite keeps whatever type it is given.
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  // On PostgreSQL an INTEGER has 32 bits; a ledger may grow beyond.
  const long = sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))
  yield* sql`CREATE TABLE operations (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    spec TEXT NOT NULL,
    status TEXT NOT NULL,
    cancel_requested INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    runner TEXT,
    requested_by TEXT NOT NULL,
    source TEXT NOT NULL,
    schedule_id TEXT,
    division_ids TEXT,
    submitted_at TEXT NOT NULL,
    selected_at TEXT,
    started_at TEXT,
    finished_at TEXT,
    detail TEXT,
    report TEXT
  ) ${strict}`
  yield* sql`CREATE INDEX operations_status ON operations (status, id)`
  yield* sql`CREATE INDEX operations_schedule ON operations (schedule_id, id) WHERE schedule_id IS NOT NULL`
  yield* sql`CREATE TABLE operation_items (
    operation_id TEXT NOT NULL REFERENCES operations (id),
    position INTEGER NOT NULL,
    campaign_id TEXT NOT NULL,
    name TEXT NOT NULL,
    division_id TEXT,
    state_before TEXT NOT NULL,
    status TEXT NOT NULL,
    state_after TEXT,
    error_code TEXT,
    detail TEXT,
    audit_sequence ${long},
    attempts INTEGER NOT NULL,
    finished_at TEXT,
    drain_until TEXT,
    epoch INTEGER NOT NULL,
    PRIMARY KEY (operation_id, position)
  ) ${strict}`
  yield* sql`CREATE INDEX operation_items_status ON operation_items (operation_id, status, position)`
})

/** Every change of the tables since the first, in order. A published one is never edited. */
export const migrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "operations", Effect.succeed(operations)]
]
