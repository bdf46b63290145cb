import type { CampaignId } from "@campaignctl/core"
import { Array, Effect, Layer, Option, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { openTables } from "../database/openTables.ts"
import { orUnavailable } from "../database/unavailable.ts"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { Cycle, GuardStore, Supervision } from "./GuardStore.ts"
import { GUARD_MIGRATIONS_TABLE, guardMigrations } from "./migrations.ts"

/** Rows of one statement: two values each, far below the 32,766 that SQLite takes. */
const ROWS_PER_STATEMENT = 500

interface BodyRow {
  readonly body: string
}

const supervisionJson = Schema.fromJsonString(Supervision)
const cycleJson = Schema.fromJsonString(Cycle)
const readSupervision = Schema.decodeUnknownOption(supervisionJson)
const writeSupervision = Schema.encodeSync(supervisionJson)
const readCycle = Schema.decodeUnknownOption(cycleJson)
const writeCycle = Schema.encodeSync(cycleJson)

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* openTables(GUARD_MIGRATIONS_TABLE, guardMigrations)

  const upsert = (rows: Array.NonEmptyReadonlyArray<Supervision>) =>
    sql`INSERT INTO guard_campaigns ${sql.insert(
      Array.map(rows, (row) => ({ campaign_id: row.campaignId, body: writeSupervision(row) }))
    )} ON CONFLICT (campaign_id) DO UPDATE SET body = excluded.body`

  const save = (
    changed: ReadonlyArray<Supervision>,
    gone: ReadonlyArray<CampaignId>,
    cycle: Cycle | null
  ) =>
    Effect.gen(function* () {
      for (const rows of Array.chunksOf(changed, ROWS_PER_STATEMENT)) yield* upsert(rows)
      for (const ids of Array.chunksOf(gone, ROWS_PER_STATEMENT))
        yield* sql`DELETE FROM guard_campaigns WHERE ${sql.in("campaign_id", ids)}`
      if (cycle !== null)
        yield* sql`INSERT INTO guard_cycle ${sql.insert({ id: 1, body: writeCycle(cycle) })}
          ON CONFLICT (id) DO UPDATE SET body = excluded.body`
    }).pipe(sql.withTransaction)

  return GuardStore.of({
    // A row that another version wrote is left out: the ledger says what must not be forgotten.
    load: orUnavailable(
      Effect.map(sql<BodyRow>`SELECT body FROM guard_campaigns ORDER BY campaign_id`, (rows) =>
        rows.flatMap(({ body }) => Option.toArray(readSupervision(body)))
      )
    ),
    lastCycle: orUnavailable(
      Effect.map(sql<BodyRow>`SELECT body FROM guard_cycle`, ([row]) =>
        row === undefined ? null : Option.getOrNull(readCycle(row.body))
      )
    ),
    save: (changed, gone, cycle) => orUnavailable(save(changed, gone, cycle))
  })
})

/** The guard's memory in any database that an `SqlClient` reaches. Makes or migrates its tables first. */
export const guardStoreSql: Layer.Layer<GuardStore, OperationsUnavailable, SqlClient.SqlClient> =
  Layer.effect(GuardStore, make)
