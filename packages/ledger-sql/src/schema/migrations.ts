import { Effect } from "effect"
import { type Migrator, SqlClient } from "effect/sql"

/** The table in which it is written which migrations a database has had. */
export const MIGRATIONS_TABLE = "ledger_migrations"

/** Refuses a change of entries: a defence against accidents, not against whoever owns the file. */
const appendOnly = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const refusal = sql.literal("'the ledger is append-only'")
  yield* sql.onDialectOrElse({
    pg: () =>
      Effect.andThen(
        sql`CREATE FUNCTION ledger_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
          ${sql.literal("$$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$")}`,
        sql`CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entries
          FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse_change()`
      ),
    orElse: () =>
      Effect.andThen(
        sql`CREATE TRIGGER ledger_entries_no_update BEFORE UPDATE ON ledger_entries
          BEGIN SELECT RAISE(ABORT, ${refusal}); END`,
        sql`CREATE TRIGGER ledger_entries_no_delete BEFORE DELETE ON ledger_entries
          BEGIN SELECT RAISE(ABORT, ${refusal}); END`
      )
  })
})

/** Signs of life of those who write from other machines; a file's writers are all on one. */
const writers = Effect.flatMap(
  SqlClient.SqlClient,
  (sql) => sql`CREATE TABLE ledger_writers (
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started TEXT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (host, pid, started)
  )`
)

const entries = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // On SQLite exactly this word makes the column the row's own key; on PostgreSQL it is 32 bits.
  const sequence = sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))
  // Without it SQLite keeps whatever type it is given.
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  yield* sql`CREATE TABLE ledger_entries (
    sequence ${sequence} PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    campaign_id TEXT NOT NULL,
    division_id TEXT,
    timestamp TEXT NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT,
    requested_by TEXT NOT NULL,
    request_id TEXT,
    intent_id TEXT REFERENCES ledger_entries (id),
    tells_state INTEGER NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
  ) ${strict}`
  yield* sql`CREATE INDEX ledger_entries_campaign ON ledger_entries (campaign_id, sequence)`
  yield* sql`CREATE INDEX ledger_entries_timestamp ON ledger_entries (timestamp)`
  yield* sql`CREATE INDEX ledger_entries_kind ON ledger_entries (kind, sequence)`
  yield* sql`CREATE INDEX ledger_entries_outcome ON ledger_entries (outcome, sequence)`
  yield* sql`CREATE INDEX ledger_entries_person ON ledger_entries (requested_by, sequence)`
  yield* sql`CREATE INDEX ledger_entries_division ON ledger_entries (division_id, sequence) WHERE division_id IS NOT NULL`
  yield* sql`CREATE INDEX ledger_entries_request ON ledger_entries (request_id, sequence) WHERE request_id IS NOT NULL`
  yield* sql`CREATE UNIQUE INDEX ledger_entries_one_outcome ON ledger_entries (intent_id) WHERE kind = 'outcome'`
  yield* sql`CREATE INDEX ledger_entries_state ON ledger_entries (campaign_id, sequence) WHERE tells_state = 1`
  yield* sql`CREATE TABLE ledger_head (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence ${sequence} NOT NULL,
    hash TEXT NOT NULL
  ) ${strict}`
  yield* sql`INSERT INTO ledger_head (id, sequence, hash) VALUES (1, 0, ${sql.literal(`'${"0".repeat(64)}'`)})`
  yield* sql`CREATE TABLE intent_owners (
    intent_id TEXT PRIMARY KEY REFERENCES ledger_entries (id),
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    started TEXT NOT NULL
  ) ${strict}`
  yield* sql`CREATE TABLE ledger_probe (id INTEGER PRIMARY KEY, filler TEXT NOT NULL) ${strict}`
  yield* sql.onDialectOrElse({ pg: () => writers, orElse: () => Effect.void })
  yield* appendOnly
})

/**
 * Every change of the tables since the first, in order. A published one is never edited: a ledger in
 * the field has had it as it was.
 */
export const migrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "entries", Effect.succeed(entries)]
]

/** The version that this program writes. */
export const SCHEMA_VERSION = Math.max(...migrations.map(([id]) => id))
