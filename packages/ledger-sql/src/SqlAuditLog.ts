import {
  type AuditDraft,
  type AuditEntry,
  AuditLog,
  AuditUnavailable,
  type CampaignId,
  Ids,
  isRepeated,
  isSight,
  overtaking,
  sealEntry,
  Settings
} from "@campaignctl/core"
import { Array, Clock, Effect, Layer, Option, References, Semaphore, Stream } from "effect"
import { SqlClient } from "effect/sql"
import { columnText, entryOf, type Integer, rowOf, sha256 } from "./chain/LedgerRow.ts"
import { verifyLedger } from "./chain/verifyLedger.ts"
import { queryEntries } from "./queryEntries.ts"
import { openSchema } from "./schema/openSchema.ts"
import { steadfast } from "./steadfast.ts"
import { orUnavailable, unavailable } from "./unavailable.ts"
import { isAbandoned, Writers } from "./writers/Writers.ts"
import type { Writer } from "./writers/Writer.ts"

/** Ids in one statement: under the 32,766 parameters of SQLite and the 65,535 of PostgreSQL. */
const IDS_PER_STATEMENT = 1_000
/** Bytes that `writable` writes and takes back: more pages than any one append needs. */
const PROBE_BYTES = 65_536

/**
 * Appends of this process that may wait for the head at once, each with a connection: they take turns
 * there anyway, and the other connections are left to readers.
 */
const APPENDS_AT_ONCE = 4
/** Whatever a database's own default is: each statement must see what the last holder of the lock wrote. */
const BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED"
/** For this transaction: a server that tells of commits before they are on its disk could lose an intent. */
const FLUSHED = `, CASE current_setting('synchronous_commit') WHEN 'off'
  THEN set_config('synchronous_commit', 'on', true) END`

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
  const appends = yield* Semaphore.make(APPENDS_AT_ONCE)
  const steady = <A, E>(effect: Effect.Effect<A, E>, turns?: Semaphore.Semaphore) =>
    Effect.provideService(steadfast(effect, turns), SqlClient.SqlClient, sql)
  yield* guarded(openSchema(place))

  // On PostgreSQL the lock on the head is what makes writers take turns; SQLite's transaction has it already.
  const isServer = sql.onDialectOrElse({ pg: () => true, orElse: () => false })
  const [flushed, lock] = isServer ? [FLUSHED, "FOR UPDATE"] : ["", ""]
  const headNow = Effect.flatMap(
    sql<{ sequence: Integer; hash: string }>`SELECT sequence, hash ${sql.literal(flushed)}
      FROM ledger_head ${sql.literal(lock)}`,
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

  const newestSight = Effect.fnUntraced(function* (campaignId: string) {
    const [newest] = yield* sql<{ body: string }>`SELECT body FROM ledger_entries
      WHERE campaign_id = ${columnText(campaignId)} AND (tells_state = 1 OR kind = 'observed')
      ORDER BY sequence DESC LIMIT 1`
    return newest === undefined ? undefined : yield* read(newest)
  })

  const outcomesSince = Effect.fnUntraced(function* ({ campaignId }: AuditDraft, intentId: string) {
    const rows = yield* sql<{ body: string }>`SELECT body FROM ledger_entries
      WHERE campaign_id = ${columnText(campaignId)} AND kind = 'outcome' AND sequence >
      (SELECT sequence FROM ledger_entries WHERE id = ${intentId}) ORDER BY sequence`
    // One that cannot be read must not keep the outcome of a stop from being recorded.
    return Array.getSomes(rows.map(({ body }) => entryOf(body)))
  })

  const write = Effect.fnUntraced(function* (draft: AuditDraft, id: string, again: boolean) {
    // The lock on it is also what an earlier try of this append still holds, if it is not over.
    const head = yield* headNow
    if (again) {
      const [written] = yield* sql<{
        body: string
      }>`SELECT body FROM ledger_entries WHERE id = ${id}`
      if (written !== undefined) return yield* read(written)
    }
    const settles = draft.kind === "outcome" ? draft.intentId : null
    const first = settles === null ? undefined : yield* outcomeOf(settles)
    if (first !== undefined) return first
    const told = isSight(draft) ? yield* newestSight(draft.campaignId) : undefined
    if (told !== undefined && isRepeated(draft, told)) return told
    const overtakenBy =
      settles === null ? undefined : overtaking(draft, yield* outcomesSince(draft, settles))
    const placement = {
      id,
      now: yield* Clock.currentTimeMillis,
      previousHash: head.hash,
      sequence: Number(head.sequence) + 1,
      overtakenBy
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

  const append = Effect.fnUntraced(function* (draft: AuditDraft) {
    const id = yield* ids.next
    let tries = 0
    let mayBeThere = false
    const once = Effect.suspend(() => {
      const again = tries++ > 0
      const written = Effect.tap(write(draft, id, again), () =>
        Effect.sync(() => (mayBeThere = true))
      )
      return sql.withTransaction(written)
    })
    const attended = draft.kind === "intent" ? Effect.andThen(writers.attend, once) : once
    // In somebody's transaction it is done once: with that, a try that failed is taken back or lost as a
    // whole. Nor does it wait for a turn: it has a connection, which those with a turn may be waiting for.
    const inside = Option.isSome(yield* Effect.serviceOption(sql.transactionService))
    return yield* guarded(inside ? attended : steady(attended, appends)).pipe(
      Effect.provideService(SqlClient.BeginTransaction, isServer ? BEGIN : undefined),
      Effect.mapError(({ detail }) => {
        const sent = draft.kind === "outcome" && draft.intentId !== null && draft.attempts > 0
        return new AuditUnavailable({
          detail: mayBeThere ? `${detail} The entry may have been written all the same.` : detail,
          changeMayHaveHappened: sent
        })
      })
    )
  })

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
    const abandoned = yield* Effect.filter(intents, ({ entry, writer }) => {
      const ageMs = now - Date.parse(entry.timestamp)
      return Effect.map(writers.runs(writer), (runs) => isAbandoned(runs, ageMs, retry.deadlineMs))
    })
    return abandoned.map(({ entry }) => entry)
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
        (found) => steady(found),
        guarded
      ),
    unsettled: guarded(steady(unsettled)),
    query: (query) =>
      queryEntries(place, query, read).pipe(
        Stream.provideService(SqlClient.SqlClient, sql),
        // As in `orUnavailable`: statements are no spans.
        Stream.provideService(References.TracerEnabled, false)
      ),
    verify: verifyLedger.pipe(Effect.provideService(SqlClient.SqlClient, sql), guarded),
    writable: Effect.asVoid(guarded(steady(probe)))
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
