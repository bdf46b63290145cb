import type { AuditLog, AuditUnavailable, Ids } from "@campaignctl/core"
import { PgClient } from "@effect/sql-pg"
import { Duration, Effect, Layer, type Redacted } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import { openSchema } from "../schema/openSchema.ts"
import { layerSql } from "../SqlAuditLog.ts"
import { orUnavailable } from "../unavailable.ts"
import { Writers } from "../writers/Writers.ts"
import { machineName } from "./machine.ts"
import { placeOf } from "./place.ts"
import { makePostgresWriters } from "./postgresWriters.ts"

/** Where the ledger is. */
export interface PostgresLedgerOptions {
  /** `postgres://user:password@host:port/database`, with libpq's parameters such as `sslmode`. */
  readonly url: Redacted.Redacted
  /** Connections of this process at most; 10 unless told otherwise. */
  readonly maxConnections?: number
}

/** Connections at most: the appends of one process take turns anyway, the rest is for readers. */
const MAX_CONNECTIONS = 10
/** Idle time after which the network is asked whether the server is still there. */
const KEEP_ALIVE = Duration.seconds(10)

const connect = Effect.fnUntraced(function* ({
  maxConnections = MAX_CONNECTIONS,
  url
}: PostgresLedgerOptions) {
  const place = placeOf(url)
  const guarded = orUnavailable(place)
  const sql = yield* guarded(
    PgClient.make({ url, maxConnections, keepAlive: KEEP_ALIVE, applicationName: "campaignctl" })
  )
  yield* guarded(openSchema(place)).pipe(Effect.provideService(SqlClient.SqlClient, sql))
  return sql
})

/**
 * `SqlClient` on the ledger's database, which other tables may share, and who else writes to it.
 *
 * Fails with `AuditUnavailable` where the database cannot be used. Makes the ledger's tables first;
 * several processes may start at once on an empty database.
 */
export const layerPostgresClient = (
  options: PostgresLedgerOptions
): Layer.Layer<SqlClient.SqlClient, AuditUnavailable> => {
  const client = Layer.effect(SqlClient.SqlClient, connect(options)).pipe(
    Layer.provide(Reactivity.layer)
  )
  return Layer.provideMerge(Layer.effect(Writers, makePostgresWriters(machineName())), client)
}

/** The audit log in a PostgreSQL database, for any number of processes on any number of hosts. */
export const layerPostgres = (
  options: PostgresLedgerOptions
): Layer.Layer<AuditLog, AuditUnavailable, Ids> =>
  layerSql(placeOf(options.url)).pipe(Layer.provide(layerPostgresClient(options)))
