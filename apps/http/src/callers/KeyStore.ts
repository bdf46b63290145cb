import type { AuditUnavailable } from "@campaignctl/core"
import { steadfast } from "@campaignctl/ledger-sql"
import { Clock, Context, Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { openTables, orUnavailable } from "../database/migrations.ts"
import { type KeyHash, makeApiKey } from "./apiKey.ts"
import { Scope } from "./Scope.ts"

/** What may be told of a key. Times are ISO 8601 in UTC. */
export interface KeyRecord {
  readonly id: string
  readonly name: string
  readonly scopes: ReadonlyArray<Scope>
  readonly divisionIds?: ReadonlyArray<string>
  readonly createdAt: string
  readonly expiresAt?: string
  readonly revokedAt?: string
  readonly lastUsedAt?: string
}

/** What a new key is to be. */
export interface NewKey {
  readonly name: string
  readonly scopes: ReadonlyArray<Scope>
  readonly divisionIds?: ReadonlyArray<string>
  /** ISO 8601; never where absent. */
  readonly expiresAt?: string
}

/** Keeps API keys. Their text is shown once, when they are made, and is nowhere kept. */
export class KeyStore extends Context.Service<
  KeyStore,
  {
    readonly create: (
      key: NewKey
    ) => Effect.Effect<{ readonly key: KeyRecord; readonly text: string }, AuditUnavailable>
    readonly list: Effect.Effect<ReadonlyArray<KeyRecord>, AuditUnavailable>
    /** False where there is no such key. A key that was revoked before stays as it is. */
    readonly revoke: (id: string) => Effect.Effect<boolean, AuditUnavailable>
    readonly find: (
      id: string
    ) => Effect.Effect<
      { readonly key: KeyRecord; readonly kept: KeyHash } | undefined,
      AuditUnavailable
    >
    /** Notes that a key is in use, at most once in `LAST_USED_STEP_MS`. */
    readonly touch: (key: KeyRecord) => Effect.Effect<void, AuditUnavailable>
  }
>()("@campaignctl/http/KeyStore") {}

/** Milliseconds: a write for every request would cost more than the knowledge is worth. */
const LAST_USED_STEP_MS = 60_000

interface Row extends KeyHash {
  readonly id: string
  readonly name: string
  readonly scopes: string
  readonly divisions: string | null
  readonly created_at: string
  readonly expires_at: string | null
  readonly revoked_at: string | null
  readonly last_used_at: string | null
}

const scopesOf = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Array(Scope)))
const divisionsOf = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Array(Schema.String)))

const recordOf = (row: Row): KeyRecord => ({
  id: row.id,
  name: row.name,
  scopes: scopesOf(row.scopes),
  createdAt: row.created_at,
  ...(row.divisions === null ? {} : { divisionIds: divisionsOf(row.divisions) }),
  ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
  ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at })
})

/** The keys in the database that also holds the ledger. */
export const keyStoreSql: Layer.Layer<KeyStore, AuditUnavailable, SqlClient.SqlClient> =
  Layer.effect(
    KeyStore,
    Effect.gen(function* () {
      yield* openTables
      const sql = yield* SqlClient.SqlClient
      const now = Effect.map(Clock.currentTimeMillis, (ms) => new Date(ms).toISOString())
      const steady = <A, E>(effect: Effect.Effect<A, E>) =>
        orUnavailable(Effect.provideService(steadfast(effect), SqlClient.SqlClient, sql))
      return KeyStore.of({
        create: Effect.fnUntraced(function* ({ divisionIds, expiresAt, name, scopes }: NewKey) {
          const { hash, id, salt, text } = makeApiKey()
          const row: Row = {
            id,
            name,
            salt,
            hash,
            scopes: JSON.stringify(scopes),
            divisions: divisionIds === undefined ? null : JSON.stringify(divisionIds),
            created_at: yield* now,
            expires_at: expiresAt ?? null,
            revoked_at: null,
            last_used_at: null
          }
          yield* sql`INSERT INTO http_api_keys ${sql.insert({ ...row })}`
          return { key: recordOf(row), text }
        }, orUnavailable),
        list: steady(
          Effect.map(sql<Row>`SELECT * FROM http_api_keys ORDER BY created_at, id`, (rows) =>
            rows.map(recordOf)
          )
        ),
        revoke: Effect.fnUntraced(function* (id: string) {
          const at = yield* now
          const found = yield* sql`UPDATE http_api_keys SET revoked_at = coalesce(revoked_at, ${at})
            WHERE id = ${id} RETURNING id`
          return found.length === 1
        }, orUnavailable),
        find: Effect.fnUntraced(function* (id: string) {
          const [row] = yield* sql<Row>`SELECT * FROM http_api_keys WHERE id = ${id}`
          return row === undefined ? undefined : { key: recordOf(row), kept: row }
        }, steady),
        touch: Effect.fnUntraced(function* ({ id, lastUsedAt }: KeyRecord) {
          const at = yield* now
          const before = lastUsedAt === undefined ? 0 : Date.parse(lastUsedAt)
          if (Date.parse(at) - before < LAST_USED_STEP_MS) return
          yield* sql`UPDATE http_api_keys SET last_used_at = ${at} WHERE id = ${id}`
        }, orUnavailable)
      })
    })
  )
