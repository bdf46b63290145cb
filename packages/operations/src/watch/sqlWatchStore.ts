import type { CampaignId } from "@campaignctl/core"
import { Array, Effect, Layer, Option, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { openTables } from "../database/openTables.ts"
import type { Integer } from "../database/rows.ts"
import { orUnavailable } from "../database/unavailable.ts"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { Beat, Kept } from "./Kept.ts"
import { WATCH_MIGRATIONS_TABLE, watchMigrations } from "./migrations.ts"
import { WatchStore } from "./WatchStore.ts"

/** Rows of one statement: six values each, far below the 32,766 that SQLite takes. */
const ROWS_PER_STATEMENT = 500

interface Row {
  readonly campaign_id: string
  readonly status: string
  readonly lock: string
  readonly state: string
  readonly told_in: Integer
  readonly covered: Integer
}

const beatJson = Schema.fromJsonString(Beat)
const readBeat = Schema.decodeUnknownOption(beatJson)
const writeBeat = Schema.encodeSync(beatJson)
const decodeKept = Schema.decodeUnknownOption(Kept)

/** A row that another version wrote is left out: its campaign is then seen as for the first time. */
const keptOf = (row: Row): ReadonlyArray<Kept> =>
  Option.toArray(
    decodeKept({
      campaignId: row.campaign_id,
      status: row.status,
      lock: row.lock,
      state: row.state,
      toldIn: Number(row.told_in),
      covered: Number(row.covered) === 1
    })
  )

const rowOf = ({ campaignId, covered, lock, state, status, toldIn }: Kept): Row => ({
  campaign_id: campaignId,
  status,
  lock,
  state,
  told_in: toldIn,
  covered: covered ? 1 : 0
})

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* openTables(WATCH_MIGRATIONS_TABLE, watchMigrations)

  const save = Effect.fnUntraced(function* (
    changed: ReadonlyArray<Kept>,
    gone: ReadonlyArray<CampaignId>
  ) {
    for (const rows of Array.chunksOf(changed, ROWS_PER_STATEMENT))
      yield* sql`INSERT INTO watch_campaigns ${sql.insert(Array.map(rows, (kept) => ({ ...rowOf(kept) })))}
        ON CONFLICT (campaign_id) DO UPDATE SET status = excluded.status, lock = excluded.lock,
          state = excluded.state, told_in = excluded.told_in, covered = excluded.covered`
    for (const ids of Array.chunksOf(gone, ROWS_PER_STATEMENT))
      yield* sql`DELETE FROM watch_campaigns WHERE ${sql.in("campaign_id", ids)}`
  })

  return WatchStore.of({
    load: orUnavailable(
      Effect.map(sql<Row>`SELECT * FROM watch_campaigns`, (rows) => rows.flatMap(keptOf))
    ),
    save: (changed, gone) =>
      changed.length === 0 && gone.length === 0
        ? Effect.void
        : orUnavailable(sql.withTransaction(save(changed, gone))),
    uncoverAll: orUnavailable(Effect.asVoid(sql`UPDATE watch_campaigns SET covered = 0`)),
    saveBeat: (beat) =>
      orUnavailable(
        Effect.asVoid(
          sql`INSERT INTO watch_beat ${sql.insert({ id: 1, body: writeBeat(beat) })}
            ON CONFLICT (id) DO UPDATE SET body = excluded.body`
        )
      ),
    beat: orUnavailable(
      Effect.map(sql<{ body: string }>`SELECT body FROM watch_beat`, ([row]) =>
        row === undefined ? null : Option.getOrNull(readBeat(row.body))
      )
    ),
    of: (ids) =>
      orUnavailable(
        Effect.map(
          Effect.forEach(
            Array.chunksOf(ids, ROWS_PER_STATEMENT),
            (some) => sql<Row>`SELECT * FROM watch_campaigns WHERE ${sql.in("campaign_id", some)}`
          ),
          (chunks) => chunks.flat().flatMap(keptOf)
        )
      )
  })
})

/** The watch's knowledge in any database that an `SqlClient` reaches. Makes or migrates its tables first. */
export const watchStoreSql: Layer.Layer<WatchStore, OperationsUnavailable, SqlClient.SqlClient> =
  Layer.effect(WatchStore, make)
