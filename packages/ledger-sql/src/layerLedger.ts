import { resolve } from "node:path"
import type { AuditLog, AuditUnavailable, Ids, LedgerConfig } from "@campaignctl/core"
import { Effect, Layer } from "effect"
import type { SqlClient } from "effect/sql"
import { placeOf } from "./postgres/place.ts"
import { layerSql } from "./SqlAuditLog.ts"
import { layerSqliteClient } from "./sqlite/layerSqlite.ts"

/** `SqlClient` on the ledger's database, as configured. The client of a server is loaded only where there is one. */
export const layerLedgerClient = (
  ledger: LedgerConfig
): Layer.Layer<SqlClient.SqlClient, AuditUnavailable> =>
  ledger._tag === "Sqlite"
    ? layerSqliteClient({ filename: ledger.filename })
    : Layer.unwrap(
        Effect.map(
          Effect.promise(() => import("./postgres/layerPostgres.ts")),
          ({ layerPostgresClient }) => layerPostgresClient({ url: ledger.url })
        )
      )

/** The audit log on a client of the ledger's database. */
export const layerLedgerOnClient = (
  ledger: LedgerConfig
): Layer.Layer<AuditLog, AuditUnavailable, SqlClient.SqlClient | Ids> =>
  layerSql(ledger._tag === "Sqlite" ? resolve(ledger.filename) : placeOf(ledger.url))

/** The audit log, as configured. */
export const layerLedger = (ledger: LedgerConfig): Layer.Layer<AuditLog, AuditUnavailable, Ids> =>
  Layer.provide(layerLedgerOnClient(ledger), layerLedgerClient(ledger))
