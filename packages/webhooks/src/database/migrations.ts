import { Effect } from "effect"
import { type Migrator, SqlClient } from "effect/sql"

/** The table in which it is written which migrations a database has had. */
export const MIGRATIONS_TABLE = "webhook_migrations"

const webhooks = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  // Without it SQLite keeps whatever type it is given.
  const strict = sql.literal(sql.onDialectOrElse({ pg: () => "", orElse: () => "STRICT" }))
  // Epoch milliseconds, and the sequences of a ledger, do not fit into the 32 bits of PostgreSQL's INTEGER.
  const long = sql.literal(sql.onDialectOrElse({ pg: () => "BIGINT", orElse: () => "INTEGER" }))
  yield* sql`CREATE TABLE webhook_subscriptions (
    id TEXT PRIMARY KEY,
    url TEXT NOT NULL,
    event_types TEXT NOT NULL,
    filter TEXT NOT NULL,
    description TEXT,
    retry_for_ms ${long} NOT NULL,
    disabled TEXT,
    failing_since ${long},
    not_before ${long},
    after_sequence ${long} NOT NULL,
    turn ${long} NOT NULL,
    division_ids TEXT,
    managed_by TEXT UNIQUE,
    created_by TEXT NOT NULL,
    created_at ${long} NOT NULL
  ) ${strict}`
  yield* sql`CREATE TABLE webhook_secrets (
    id TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL,
    secret TEXT NOT NULL,
    created_at ${long} NOT NULL,
    retires_at ${long}
  ) ${strict}`
  yield* sql`CREATE INDEX webhook_secrets_subscription ON webhook_secrets (subscription_id)`
  yield* sql`CREATE TABLE webhook_cursor (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    sequence ${long} NOT NULL
  ) ${strict}`
  // A lane is what is sent one after the other; its head is the one whose turn it is.
  yield* sql`CREATE TABLE webhook_deliveries (
    id TEXT PRIMARY KEY,
    subscription_id TEXT NOT NULL,
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    event_sequence ${long} NOT NULL,
    position ${long} NOT NULL,
    lane TEXT NOT NULL,
    head INTEGER NOT NULL,
    body TEXT NOT NULL,
    subject_name TEXT NOT NULL,
    division_id TEXT,
    trace_id TEXT,
    status TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    created_at ${long} NOT NULL,
    due_at ${long} NOT NULL,
    give_up_at ${long} NOT NULL,
    finished_at ${long},
    receiver TEXT,
    last_status INTEGER,
    detail TEXT,
    audit_sequence ${long},
    UNIQUE (subscription_id, event_id)
  ) ${strict}`
  yield* sql`CREATE UNIQUE INDEX webhook_deliveries_head ON webhook_deliveries (subscription_id, lane)
    WHERE head = 1`
  // What is over is no head: a query without its status finds the few that are due among all that wait.
  yield* sql`CREATE INDEX webhook_deliveries_due ON webhook_deliveries (subscription_id, due_at)
    WHERE head = 1`
  yield* sql`CREATE INDEX webhook_deliveries_lane ON webhook_deliveries (subscription_id, lane, position)
    WHERE status = 'pending'`
  yield* sql`CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (subscription_id, status, id)`
  yield* sql`CREATE INDEX webhook_deliveries_unaudited ON webhook_deliveries (finished_at)
    WHERE finished_at IS NOT NULL AND audit_sequence IS NULL`
  yield* sql`CREATE INDEX webhook_deliveries_old ON webhook_deliveries (finished_at)
    WHERE status = 'delivered'`
  yield* sql`CREATE TABLE webhook_attempts (
    delivery_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    at ${long} NOT NULL,
    duration_ms ${long} NOT NULL,
    status INTEGER,
    detail TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
  ) ${strict}`
})

/** Every change of the tables since the first, in order. A published one is never edited. */
export const migrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "webhooks", Effect.succeed(webhooks)]
]
