import {
  type AuditDraft,
  type AuditEntry,
  AuditLog,
  AuditUnavailable,
  type CampaignId,
  Ids,
  sealEntry,
  Settings
} from "@campaignctl/core"
import { Array, Clock, Effect, Layer, References, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { columnText, entryOf, type Integer, rowOf, sha256 } from "./chain/LedgerRow.ts"
import { verifyLedger } from "./chain/verifyLedger.ts"
import { queryEntries } from "./queryEntries.ts"
import { openSchema } from "./schema/openSchema.ts"
import { orUnavailable, unavailable } from "./unavailable.ts"
import { isAbandoned, Writers } from "./writers/Writers.ts"
import type { Writer } from "./writers/Writer.ts"

/** Ids in one statement: under the 32,766 parameters of SQLite and the 65,535 of PostgreSQL. */
const IDS_PER_STATEMENT = 1_000
/** Bytes that `writable` writes and takes back: more pages than any one append needs. */
const PROBE_BYTES = 65_536

const readable =
  (place: string) =>
  (row: { readonly body: string }): Effect.Effect<AuditEntry, AuditUnavailable> =>
    Effect.mapError(Effect.fromOption(entryOf(row.body)), () =>
      unavailable(
        `${place} holds an entry that cannot be read; \`campaignctl audit verify\` says which.`
      )
    )

const make = Effect.fnUntraced(function* (place: string) {
  const sql = yield* SqlClient.SqlClient
  const ids = yield* Ids
  const writers = yield* Writers
  const read = readable(place)
  const guarded = orUnavailable(place)
  yield* guarded(openSchema(place))

  // On PostgreSQL the lock on the head is what makes writers take turns; SQLite's transaction has it already.
  const lock = sql.literal(sql.onDialectOrElse({ pg: () => "FOR UPDATE", orElse: () => "" }))
  const headNow = Effect.flatMap(
    sql<{ sequence: Integer; hash: string }>`SELECT sequence, hash FROM ledger_head ${lock}`,
    ([head]) =>
      head === undefined
        ? unavailable(`${place} has lost its head; \`campaignctl audit verify\` says more.`)
        : Effect.succeed(head)
  )

  const outcomeOf = Effect.fnUntraced(function* (intentId: string) {
    const [first] = yield* sql<{ body: string }>`SELECT body FROM ledger_entries
      WHERE intent_id = ${intentId} AND kind = 'outcome'`
    if (first !== undefined) return yield* read(first)
    const intents =
      yield* sql`SELECT 1 FROM ledger_entries WHERE id = ${intentId} AND kind = 'intent'`
    return intents.length === 1
      ? undefined
      : yield* unavailable(`The ledger holds no intent ${intentId} that this outcome could settle.`)
  })

  const write = Effect.fnUntraced(function* (draft: AuditDraft) {
    const head = yield* headNow
    const settles = draft.kind === "outcome" ? draft.intentId : null
    const first = settles === null ? undefined : yield* outcomeOf(settles)
    if (first !== undefined) return first
    const placement = {
      id: yield* ids.next,
      now: yield* Clock.currentTimeMillis,
      previousHash: head.hash,
      sequence: Number(head.sequence) + 1
    }
    const entry = yield* Effect.try({
      try: () => sealEntry(sha256, draft, placement),
      catch: (cause) => unavailable(`The entry is not well formed: ${String(cause)}.`)
    })
    yield* sql`INSERT INTO ledger_entries ${sql.insert({ ...rowOf(entry) })}`
    yield* sql`UPDATE ledger_head SET sequence = ${entry.sequence}, hash = ${entry.hash}`
    if (entry.kind === "intent")
      yield* sql`INSERT INTO intent_owners ${sql.insert({ intent_id: entry.id, ...writers.self })}`
    if (settles !== null) yield* sql`DELETE FROM intent_owners WHERE intent_id = ${settles}`
    return entry
  })

  const append = (draft: AuditDraft) =>
    sql.withTransaction(write(draft)).pipe(
      guarded,
      Effect.mapError(({ detail }) => {
        const sent = draft.kind === "outcome" && draft.intentId !== null && draft.attempts > 0
        return new AuditUnavailable({ detail, changeMayHaveHappened: sent })
      })
    )

  const lastAppliedOf = Effect.fnUntraced(function* (campaigns: ReadonlyArray<CampaignId>) {
    const rows = yield* sql<{ body: string }>`SELECT body FROM ledger_entries WHERE sequence IN (
      SELECT max(sequence) FROM ledger_entries
      WHERE tells_state = 1 AND ${sql.in("campaign_id", campaigns.map(columnText))} GROUP BY campaign_id)`
    return yield* Effect.forEach(rows, read)
  })

  const unsettled = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    const { retry } = yield* Settings
    const rows = yield* sql<Writer & { body: string }>`SELECT e.body, o.host, o.pid, o.started
      FROM intent_owners o JOIN ledger_entries e ON e.id = o.intent_id ORDER BY e.sequence`
    const intents = yield* Effect.forEach(rows, (row) =>
      Effect.map(read(row), (entry) => ({ entry, writer: row }))
    )
    return intents.flatMap(({ entry, writer }) => {
      const ageMs = now - Date.parse(entry.timestamp)
      return isAbandoned(writers.runs(writer), ageMs, retry.deadlineMs) ? [entry] : []
    })
  })

  const probe = Effect.andThen(
    sql`INSERT INTO ledger_probe ${sql.insert({ id: 1, filler: "0".repeat(PROBE_BYTES) })}
      ON CONFLICT (id) DO UPDATE SET filler = excluded.filler`,
    // In a transaction of its own: what is taken back before the commit never reaches the disk.
    sql`DELETE FROM ledger_probe`
  )

  return AuditLog.of({
    append,
    lastApplied: (campaigns) =>
      Effect.forEach(Array.chunksOf(campaigns, IDS_PER_STATEMENT), lastAppliedOf).pipe(
        // A campaign's id was a CampaignId when it was asked for, and the column was compared with it.
        Effect.map(
          (chunks) => new Map(chunks.flat().map((entry) => [entry.campaignId as CampaignId, entry]))
        ),
        guarded
      ),
    unsettled: guarded(unsettled),
    query: (query) =>
      queryEntries(place, query, read).pipe(
        Stream.provideService(SqlClient.SqlClient, sql),
        // As in `orUnavailable`: statements are no spans.
        Stream.provideService(References.TracerEnabled, false)
      ),
    verify: verifyLedger.pipe(Effect.provideService(SqlClient.SqlClient, sql), guarded),
    writable: Effect.asVoid(guarded(probe))
  })
})

/**
 * The audit log on any database that an `SqlClient` reaches. Makes or migrates the tables first.
 *
 * @param place what error messages call the database: a path, or "the database"
 */
export const layerSql = (
  place: string
): Layer.Layer<AuditLog, AuditUnavailable, SqlClient.SqlClient | Ids> =>
  Layer.effect(AuditLog, make(place))
