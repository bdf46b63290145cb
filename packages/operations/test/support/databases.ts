import type { AuditLog, Ids } from "@campaignctl/core"
import { idsLive, layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { layerPostgresClient } from "@campaignctl/ledger-sql/postgres"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Effect, Layer, Redacted } from "effect"
import type { SqlClient } from "effect/sql"

/** The databases that everything is kept in; each layer that is built is an empty one. */
export const databases: ReadonlyArray<readonly [string, Layer.Layer<SqlClient.SqlClient>]> = [
  ["SQLite", Layer.orDie(layerSqliteClient({ filename: ":memory:" }))],
  [
    "PostgreSQL",
    Layer.unwrap(
      Effect.map(Effect.promise(freshDatabase), (url) =>
        Layer.orDie(layerPostgresClient({ url: Redacted.make(url) }))
      )
    )
  ]
]

/** A database with a ledger in it, as everything that is changed and told in one transaction needs it. */
export const withLedger = (
  database: Layer.Layer<SqlClient.SqlClient>
): Layer.Layer<SqlClient.SqlClient | AuditLog | Ids> =>
  layerSql("the database").pipe(Layer.provideMerge(Layer.merge(database, idsLive)), Layer.orDie)
