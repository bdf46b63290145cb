import { Effect } from "effect"
import { SqlClient, type SqlError } from "effect/sql"

/** As the ledger's own: whatever a database's default is, the head must be read as others left it. */
const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"

/**
 * A change of tables and what the ledger is told of it, all of it or nothing. The ledger must be on the
 * same client.
 */
export const inOneTransaction =
  (sql: SqlClient.SqlClient) =>
  <A, E, R>(change: Effect.Effect<A, E, R>): Effect.Effect<A, E | SqlError.SqlError, R> =>
    Effect.provideService(
      sql.withTransaction(change),
      SqlClient.BeginTransaction,
      sql.onDialectOrElse({ pg: () => BEGIN, orElse: () => undefined })
    )
