import { layerSqliteClient } from "@campaignctl/ledger-sql"
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
