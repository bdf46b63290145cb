import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { auditLogContract, sequentialIds, WriterCrash } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { layerSql, layerSqliteClient } from "../src/index.ts"
import { inSqlite, onPostgres } from "./support/databases.ts"

/** No process has it: the highest that Linux gives is 4,194,304. */
const NO_SUCH_PID = 99_999_999

/** Makes every intent so far the work of a process that is gone, behind the adapter's back. */
const Crash = Layer.effect(
  WriterCrash,
  Effect.map(SqlClient.SqlClient, (sql) => ({
    crash: sql`UPDATE intent_owners SET pid = ${NO_SUCH_PID}`
  }))
)

const onFile = Layer.unwrap(
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => mkdtempSync(join(tmpdir(), "ledger-"))),
      (directory) => Effect.sync(() => rmSync(directory, { recursive: true }))
    ),
    (directory) => layerSqliteClient({ filename: join(directory, "ledger.db") })
  )
)

/** What SQLite calls `synchronous=FULL`. Source: sqlite.org/pragma.html. */
const FULL = 2

it.effect("a commit is flushed to the disk before it is told: an intent outlives a power cut", () =>
  Effect.gen(function* () {
    const sql = yield* SqlClient.SqlClient
    assert.deepInclude((yield* sql`PRAGMA synchronous`)[0], { synchronous: FULL })
    assert.deepInclude((yield* sql`PRAGMA journal_mode`)[0], { journal_mode: "wal" })
  }).pipe(Effect.provide(onFile))
)

const places = {
  "on SQLite in a file": onFile,
  "on SQLite in memory": inSqlite,
  "on PostgreSQL": onPostgres
}

for (const [place, client] of Object.entries(places)) {
  const Ledger = Layer.merge(layerSql(place), Crash).pipe(
    Layer.provide(client),
    Layer.provide(sequentialIds)
  )
  describe(`the audit log ${place} keeps the port's promises`, () => {
    for (const { name, run } of auditLogContract)
      it.effect(name, () => run.pipe(Effect.provide(Ledger, { local: true })))
  })
}
