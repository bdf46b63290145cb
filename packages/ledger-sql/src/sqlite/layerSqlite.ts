import { resolve } from "node:path"
import type { AuditLog, AuditUnavailable, Ids } from "@campaignctl/core"
import { Effect, Layer } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlError } from "effect/sql"
import { openSchema } from "../schema/openSchema.ts"
import { layerSql } from "../SqlAuditLog.ts"
import { orUnavailable } from "../unavailable.ts"
import { checkLedgerFile } from "./ledgerFile.ts"
import { makeNodeSqlite } from "./NodeSqlite.ts"

/** Where the ledger is. */
export interface SqliteLedgerOptions {
  /** A path, made if absent, its directory too; or `:memory:`. */
  readonly filename: string
  /** Milliseconds to wait for another process's lock; 5,000 unless told otherwise. */
  readonly busyTimeoutMs?: number
}

const IN_MEMORY = ":memory:"

const placeOf = (filename: string): string =>
  filename === IN_MEMORY ? filename : resolve(filename)

/** Milliseconds to wait for another process's append: an append takes about one, a slow disk's flush a hundred. */
const BUSY_TIMEOUT_MS = 5_000

/**
 * For the connection; none of these writes to the file.
 *
 * `synchronous=FULL` flushes every commit to the disk: an intent must be there after a power cut,
 * because the change that it announces may have been made. SQLite's usual NORMAL loses the last
 * commits of a write-ahead log. `fullfsync` asks the same of a Mac's drive, and is nothing elsewhere.
 */
const PRAGMAS = ["synchronous=FULL", "fullfsync=ON", "checkpoint_fullfsync=ON", "foreign_keys=ON"]

/**
 * A write-ahead log, so that readers and the one writer do not wait for each other. Switched on only
 * after the file was made a ledger: the mark of one must stand in the file itself.
 */
const writeAhead: Effect.Effect<void, SqlError.SqlError, SqlClient.SqlClient> = Effect.gen(
  function* () {
    const sql = yield* SqlClient.SqlClient
    const [mode] = yield* sql<{ journal_mode: string }>`PRAGMA journal_mode`
    if (mode?.journal_mode !== "delete") return
    // Refused while another process is in the file, or where it is read-only. The ledger is as safe
    // without, and whoever opens it next switches.
    yield* Effect.ignore(sql`PRAGMA journal_mode = WAL`)
  }
)

const openLedger = Effect.fnUntraced(function* ({
  busyTimeoutMs = BUSY_TIMEOUT_MS,
  filename
}: SqliteLedgerOptions) {
  const path = placeOf(filename)
  if (path !== IN_MEMORY) yield* checkLedgerFile(path)
  const options = { filename: path, pragmas: PRAGMAS, busyTimeoutMs }
  const guarded = orUnavailable(path)
  const sql = yield* guarded(makeNodeSqlite(options))
  yield* guarded(Effect.andThen(openSchema(path), writeAhead)).pipe(
    Effect.provideService(SqlClient.SqlClient, sql)
  )
  return sql
})

/** `SqlClient` on the ledger's file, which other tables may share. */
export const layerSqliteClient = (
  options: SqliteLedgerOptions
): Layer.Layer<SqlClient.SqlClient, AuditUnavailable> =>
  Layer.effect(SqlClient.SqlClient, openLedger(options)).pipe(Layer.provide(Reactivity.layer))

/**
 * The audit log in one SQLite file: the embedded default. Safe with several processes on one file.
 *
 * Fails with `AuditUnavailable` where the file cannot be used or is not a ledger; such a file is left
 * exactly as it is.
 */
export const layerSqlite = (
  options: SqliteLedgerOptions
): Layer.Layer<AuditLog, AuditUnavailable, Ids> =>
  layerSql(placeOf(options.filename)).pipe(Layer.provide(layerSqliteClient(options)))
