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
        pg: () =>
          // Of the transaction and not of the session, so that a pooler cannot keep it.
          sql`SELECT pg_advisory_xact_lock(${LOCK})`.pipe(
            // A connection remembers that there was no such table, and hears of one that was made while it
            // waited only when it locks a table itself.
            Effect.andThen(sql`SELECT 1 FROM pg_catalog.pg_class LIMIT 1`),
            Effect.andThen(change)
          ),
        orElse: () => change
      })
    )
  )
