import { AuditUnavailable } from "@campaignctl/core"
import { oneAtATime } from "@campaignctl/ledger-sql"
import { Effect } from "effect"
import { Migrator, SqlClient, type SqlError } from "effect/sql"

/** Beside the ledger's own table of migrations: the two are brought up to date apart from each other. */
const MIGRATIONS_TABLE = "http_migrations"

const first = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* sql`CREATE TABLE http_api_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    salt TEXT NOT NULL,
    hash TEXT NOT NULL,
    scopes TEXT NOT NULL,
    divisions TEXT,
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    last_used_at TEXT
  )`
  yield* sql`CREATE TABLE http_idempotency (
    caller TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    request_id TEXT NOT NULL,
    owner_host TEXT NOT NULL,
    owner_pid INTEGER NOT NULL,
    owner_started TEXT NOT NULL,
    created_at TEXT NOT NULL,
    answer TEXT,
    PRIMARY KEY (caller, idempotency_key)
  )`
  yield* sql`CREATE INDEX http_idempotency_age ON http_idempotency (created_at)`
})

/** Every change of the service's own tables, in order. A published one is never edited. */
const migrations: ReadonlyArray<Migrator.ResolvedMigration> = [
  [1, "keys and idempotency", Effect.succeed(first)]
]

/**
 * The database's refusals, told as those of the ledger, which lives in the same one. As with the
 * ledger's, the statements are no spans.
 */
export const orUnavailable = <A, E, R>(
  effect: Effect.Effect<A, E | SqlError.SqlError | Migrator.MigrationError, R>
): Effect.Effect<
  A,
  Exclude<E, SqlError.SqlError | Migrator.MigrationError> | AuditUnavailable,
  R
> =>
  Effect.mapError(
    effect,
    (error) =>
      isOfDatabase(error)
        ? new AuditUnavailable({
            detail: "The service's own tables beside it cannot be used.",
            changeMayHaveHappened: false
          })
        : (error as Exclude<E, SqlError.SqlError | Migrator.MigrationError>) // the test above took them out
  ).pipe(Effect.withTracerEnabled(false))

const isOfDatabase = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "_tag" in error &&
  (error._tag === "SqlError" || error._tag === "MigrationError")

/** Makes the service's tables, or brings them up to date. */
export const openTables: Effect.Effect<void, AuditUnavailable, SqlClient.SqlClient> = orUnavailable(
  Effect.asVoid(
    oneAtATime(Migrator.make({})({ loader: Effect.succeed(migrations), table: MIGRATIONS_TABLE }))
  )
)
