import type { AuditUnavailable } from "@campaignctl/core"
import { Effect } from "effect"
import { Migrator, SqlClient, SqlError } from "effect/sql"
import { unavailable } from "../unavailable.ts"
import { oneAtATime } from "./oneAtATime.ts"
import { migrations, MIGRATIONS_TABLE, SCHEMA_VERSION } from "./migrations.ts"

/**
 * "ccL1" in ASCII: SQLite's `application_id` of a ledger, four bytes at offset 68 of the file, by
 * which any other database is told from one. Source of the field: sqlite.org/fileformat.html.
 */
export const LEDGER_APPLICATION_ID = 0x63634c31

const isLedgerOrNew = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const [pragma] = yield* sql<{ application_id: number }>`PRAGMA application_id`
  if (pragma?.application_id === LEDGER_APPLICATION_ID) return true
  const [schema] = yield* sql<{ objects: number }>`SELECT count(*) AS objects FROM sqlite_schema`
  return pragma?.application_id === 0 && schema?.objects === 0
})

/** The version of the database's tables; 0 where it has none. */
const versionFound = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  const present = yield* sql.onDialectOrElse({
    pg: () => sql`SELECT 1 WHERE to_regclass(${MIGRATIONS_TABLE}) IS NOT NULL`,
    orElse: () =>
      sql`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ${MIGRATIONS_TABLE}`
  })
  if (present.length === 0) return 0
  const [found] = yield* sql<{
    version: number | bigint
  }>`SELECT max(migration_id) AS version FROM ${sql(MIGRATIONS_TABLE)}`
  return Number(found?.version ?? 0)
})

const migrate = (place: string) =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    // Looked at again now that nobody else can write: another process may have made it something.
    const ours = yield* sql.onDialectOrElse({
      pg: () => Effect.succeed(true),
      orElse: () => isLedgerOrNew
    })
    if (!ours)
      return yield* unavailable(
        `${place} is a database, but not a campaignctl ledger; it was left as it is.`
      )
    yield* sql.onDialectOrElse({
      pg: () => Effect.void,
      orElse: () => sql`PRAGMA application_id = ${sql.literal(String(LEDGER_APPLICATION_ID))}`
    })
    yield* Migrator.make({})({ loader: Effect.succeed(migrations), table: MIGRATIONS_TABLE })
  })

/**
 * Makes the ledger's tables, or brings them up to date, in one transaction with the mark that tells a
 * ledger from any other file. Writes nothing where they are up to date already.
 *
 * Fails with `AuditUnavailable` where the tables are newer than this program, or are not a ledger's.
 */
export const openSchema = Effect.fnUntraced(function* (
  place: string
): Effect.fn.Return<void, AuditUnavailable | SqlError.SqlError, SqlClient.SqlClient> {
  const version = yield* versionFound
  if (version > SCHEMA_VERSION)
    return yield* unavailable(
      `${place} was written by a newer campaignctl (schema ${version}, this one knows ${SCHEMA_VERSION}): use that version.`
    )
  if (version < SCHEMA_VERSION)
    yield* oneAtATime(migrate(place)).pipe(
      Effect.catchTag("MigrationError", ({ cause, message }) =>
        // The database's own reason, such as a full disk, says more than that a migration failed.
        Effect.fail(
          SqlError.isSqlError(cause)
            ? cause
            : unavailable(`${place} could not be brought up to date: ${message}.`)
        )
      )
    )
})
