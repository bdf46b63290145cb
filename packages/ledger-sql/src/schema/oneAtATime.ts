import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"

/** "ccL1" in ASCII, as in SQLite's mark: the number of the advisory lock under which tables are made. */
const LOCK = 0x63634c31

/**
 * Runs a change of tables in one transaction while nobody else changes any: processes that start
 * together on an empty database make its tables once.
 */
export const oneAtATime = <A, E, R>(
  change: Effect.Effect<A, E, R>
): Effect.Effect<A, E | SqlError.SqlError, R | SqlClient.SqlClient> =>
  Effect.flatMap(SqlClient.SqlClient, (sql) =>
    sql.withTransaction(
      sql.onDialectOrElse({
        // Of the transaction and not of the session, so that a pooler cannot keep it.
        pg: () => Effect.andThen(sql`SELECT pg_advisory_xact_lock(${LOCK})`, change),
        orElse: () => change
      })
    )
  )
