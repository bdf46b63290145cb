import { type AuditEntry, AuditLog, type CampaignId } from "@campaignctl/core"
import type { WriteEntry } from "@campaignctl/genesys-simulator"
import { idsLive, layerSqlite } from "@campaignctl/ledger-sql"
import { layerPostgres } from "@campaignctl/ledger-sql/postgres"
import { Effect, Layer, Redacted, Stream } from "effect"
import { assert } from "vitest"

/** Everything in a ledger, and whether its chain holds. */
const read = Effect.gen(function* () {
  const { query, verify } = yield* AuditLog
  return { entries: yield* Stream.runCollect(query({})), verification: yield* verify }
})

/** A ledger on SQLite. */
export const entriesIn = (file: string) =>
  Effect.runPromise(
    Effect.provide(read, layerSqlite({ filename: file }).pipe(Layer.provide(idsLive)))
  )

/** A ledger on PostgreSQL. */
export const entriesAt = (url: string) =>
  Effect.runPromise(
    Effect.provide(read, layerPostgres({ url: Redacted.make(url) }).pipe(Layer.provide(idsLive)))
  )

/**
 * Each campaign was written to exactly once; each write has an intent that names the version that it
 * was made under; each intent has its outcome; and the ledger says of each campaign that it was done.
 */
export const checkHistory = (
  writes: ReadonlyArray<WriteEntry>,
  entries: ReadonlyArray<AuditEntry>,
  campaigns: ReadonlyArray<CampaignId>
): void => {
  const writesOf = Map.groupBy(writes, ({ campaignId }) => campaignId)
  const intents = Map.groupBy(
    entries.filter(({ kind }) => kind === "intent"),
    ({ campaignId }) => campaignId
  )
  const outcomes = Map.groupBy(
    entries.filter(({ kind }) => kind === "outcome"),
    ({ campaignId }) => campaignId
  )
  const settled = new Set(entries.map(({ intentId }) => intentId))
  for (const id of campaigns) {
    const [write, ...more] = writesOf.get(id) ?? []
    assert.isDefined(write, `${id} was missed`)
    assert.isEmpty(more, `${id} was changed more than once`)
    const mine = intents.get(id) ?? []
    assert.isTrue(
      mine.some(({ lockBefore }) => lockBefore === String(write?.versionBefore)),
      `${id} was changed without an intent`
    )
    for (const intent of mine) assert.isTrue(settled.has(intent.id), `${id} has an open intent`)
    const done = (outcomes.get(id) ?? []).filter(({ success }) => success)
    assert.isNotEmpty(done, `the ledger does not say that ${id} was done`)
  }
  assert.strictEqual(writes.length, campaigns.length, "something else was written")
}
