import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { auditLogContract, sequentialIds, WriterCrash } from "@campaignctl/core/testing"
import { describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { layerSql, layerSqliteClient } from "../src/index.ts"

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

const places = { "in a file": onFile, "in memory": layerSqliteClient({ filename: ":memory:" }) }

for (const [place, client] of Object.entries(places)) {
  const Ledger = Layer.merge(layerSql(place), Crash).pipe(
    Layer.provide(client),
    Layer.provide(sequentialIds)
  )
  describe(`the SQLite audit log ${place} keeps the port's promises`, () => {
    for (const { name, run } of auditLogContract)
      it.effect(name, () => run.pipe(Effect.provide(Ledger, { local: true })))
  })
}
