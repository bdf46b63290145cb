import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import type { AuditUnavailable } from "@campaignctl/core"
import { Effect, Layer, Redacted } from "effect"
import type { SqlClient } from "effect/sql"
import { layerSqliteClient } from "../../src/index.ts"
import { layerPostgresClient } from "../../src/postgres/index.ts"

/** A client on a database that nobody else uses, with the ledger's tables. */
export type FreshDatabase = Layer.Layer<SqlClient.SqlClient, AuditUnavailable>

/** On the server that the test run shares. */
export const onPostgres: FreshDatabase = Layer.unwrap(
  Effect.map(Effect.promise(freshDatabase), (url) =>
    layerPostgresClient({ url: Redacted.make(url) })
  )
)

/** In memory, gone with the layer. */
export const inSqlite: FreshDatabase = layerSqliteClient({ filename: ":memory:" })
