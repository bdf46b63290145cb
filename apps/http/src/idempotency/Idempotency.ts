import { createHash } from "node:crypto"
import { type AuditUnavailable, canonicalJson, type Json, Settings } from "@campaignctl/core"
import { isAbandoned, steadfast, Writers, type Writer } from "@campaignctl/ledger-sql"
import { Clock, Context, Effect, Layer, Schema } from "effect"
import { SqlClient } from "effect/sql"
import { v7 } from "uuid"
import { openTables, orUnavailable } from "../database/migrations.ts"

/** Milliseconds for which an answer is kept: 25 hours, so that 24 are sure. */
const KEPT_MS = 90_000_000
/** Milliseconds between two clearings of what is older. */
const CLEARING_STEP_MS = 60_000

/** An answer as it is kept. */
const KeptAnswer = Schema.Struct({
  status: Schema.Int,
  headers: Schema.Record(Schema.String, Schema.String),
  body: Schema.String
})
export type KeptAnswer = typeof KeptAnswer.Type

/** One use of one key. */
export interface KeyUse {
  /** Whose key it is: callers do not share them. */
  readonly caller: string
  readonly key: string
  readonly fingerprint: string
}

/**
 * What is to be done with a request.
 *
 * - `Fresh`: nobody has asked before
 * - `Replay`: it was answered
 * - `Running`: somebody is at it
 * - `Other`: the key belongs to another request
 * - `Orphaned`: whoever was at it has died; the ledger knows how far they came
 */
export type Claim =
  | { readonly _tag: "Fresh"; readonly requestId: string }
  | { readonly _tag: "Orphaned"; readonly requestId: string }
  | { readonly _tag: "Replay"; readonly answer: KeptAnswer }
  | { readonly _tag: "Running" }
  | { readonly _tag: "Other" }

/** Keeps the answers to requests that carry an Idempotency-Key, across restarts. */
export class Idempotency extends Context.Service<
  Idempotency,
  {
    readonly claim: (use: KeyUse) => Effect.Effect<Claim, AuditUnavailable>
    /** Keeps the answer; from now on it is repeated. */
    readonly keep: (use: KeyUse, answer: KeptAnswer) => Effect.Effect<void, AuditUnavailable>
    /** Forgets the use: nothing was done, and the caller may ask again. */
    readonly release: (use: KeyUse) => Effect.Effect<void, AuditUnavailable>
    /** Leaves the use without an owner: whoever asks next finds out how far it came. */
    readonly abandon: (use: KeyUse) => Effect.Effect<void, AuditUnavailable>
    /**
     * Tells that this process is at it no more, whatever could be written of that: where nothing could,
     * it is this process alone that finds out, while it lives.
     */
    readonly leave: (use: KeyUse) => Effect.Effect<void>
  }
>()("@campaignctl/http/Idempotency") {}

/** What makes two requests the same: SHA-256 over the canonical form of all that was asked. */
export const fingerprintOf = (asked: Json): string =>
  createHash("sha256").update(canonicalJson(asked)).digest("base64url")

/** No process started so: an owner of this name is never seen running. */
const NOBODY = "nobody"

interface Row {
  readonly fingerprint: string
  readonly request_id: string
  readonly owner_host: string
  readonly owner_pid: number
  readonly owner_started: string
  readonly created_at: string
  readonly answer: string | null
}

/** The key of one caller: neither holds a line break. */
const nameOf = (caller: string, key: string): string => `${caller}\n${key}`

const answerOf = Schema.decodeUnknownSync(Schema.fromJsonString(KeptAnswer))
const ownerOf = (row: Row): Writer => ({
  host: row.owner_host,
  pid: row.owner_pid,
  started: row.owner_started
})

/** The answers in the database that also holds the ledger. */
export const idempotencySql: Layer.Layer<Idempotency, AuditUnavailable, SqlClient.SqlClient> =
  Layer.effect(
    Idempotency,
    Effect.gen(function* () {
      yield* openTables
      const sql = yield* SqlClient.SqlClient
      const writers = yield* Writers
      const isSelf = ({ host, pid, started }: Writer): boolean =>
        host === writers.self.host && pid === writers.self.pid && started === writers.self.started
      const owner = {
        owner_host: writers.self.host,
        owner_pid: writers.self.pid,
        owner_started: writers.self.started
      }
      /** What this process is at: a row of its own that is not among them was left without a word. */
      const underWay = new Set<string>()
      let clearedAt = -Infinity

      const clear = Effect.fnUntraced(function* (now: number) {
        if (now - clearedAt < CLEARING_STEP_MS) return
        clearedAt = now
        const before = new Date(now - KEPT_MS).toISOString()
        yield* sql`DELETE FROM http_idempotency WHERE created_at < ${before} AND answer IS NOT NULL`
      })

      // SQLite's transaction has the lock already; on PostgreSQL the row is what two claims meet on.
      const lock = sql.literal(sql.onDialectOrElse({ pg: () => "FOR UPDATE", orElse: () => "" }))

      const claim = Effect.fnUntraced(function* (
        { caller, fingerprint, key }: KeyUse,
        requestId: string
      ) {
        const now = yield* Clock.currentTimeMillis
        yield* clear(now)
        yield* sql`INSERT INTO http_idempotency ${sql.insert({
          caller,
          idempotency_key: key,
          fingerprint,
          request_id: requestId,
          ...owner,
          created_at: new Date(now).toISOString(),
          answer: null
        })} ON CONFLICT DO NOTHING`
        const [row] = yield* sql<Row>`SELECT * FROM http_idempotency
          WHERE caller = ${caller} AND idempotency_key = ${key} ${lock}`
        // Nobody else knows this id: the row is this claim's, of an earlier try whose end was not heard too.
        if (row === undefined || row.request_id === requestId)
          return { _tag: "Fresh", requestId } satisfies Claim
        if (row.fingerprint !== fingerprint) return { _tag: "Other" } satisfies Claim
        if (row.answer !== null)
          return { _tag: "Replay", answer: answerOf(row.answer) } satisfies Claim
        const age = now - Date.parse(row.created_at)
        const { retry } = yield* Settings
        const runs = isSelf(ownerOf(row))
          ? underWay.has(nameOf(caller, key))
          : yield* writers.runs(ownerOf(row))
        if (!isAbandoned(runs, age, retry.deadlineMs)) return { _tag: "Running" } satisfies Claim
        yield* sql`UPDATE http_idempotency SET ${sql.update({ ...owner, created_at: new Date(now).toISOString() })}
          WHERE caller = ${caller} AND idempotency_key = ${key}`
        return { _tag: "Orphaned", requestId: row.request_id } satisfies Claim
      })

      const steady = <A, E>(effect: Effect.Effect<A, E>) =>
        orUnavailable(Effect.provideService(steadfast(effect), SqlClient.SqlClient, sql))

      return Idempotency.of({
        claim: (use) =>
          Effect.suspend(() => {
            const requestId = v7()
            const claimed = sql.withTransaction(claim(use, requestId))
            return Effect.tap(steady(Effect.andThen(writers.attend, claimed)), ({ _tag }) =>
              Effect.sync(() => {
                if (_tag === "Fresh" || _tag === "Orphaned")
                  underWay.add(nameOf(use.caller, use.key))
              })
            )
          }),
        leave: ({ caller, key }) => Effect.sync(() => void underWay.delete(nameOf(caller, key))),
        keep: ({ caller, key }, answer) =>
          steady(
            Effect.asVoid(sql`UPDATE http_idempotency SET answer = ${JSON.stringify(answer)}
              WHERE caller = ${caller} AND idempotency_key = ${key}`)
          ),
        abandon: ({ caller, key }) =>
          steady(
            Effect.asVoid(sql`UPDATE http_idempotency SET owner_started = ${NOBODY}
              WHERE caller = ${caller} AND idempotency_key = ${key} AND answer IS NULL`)
          ),
        release: ({ caller, key }) =>
          steady(
            Effect.asVoid(sql`DELETE FROM http_idempotency
              WHERE caller = ${caller} AND idempotency_key = ${key} AND answer IS NULL`)
          )
      })
    })
  )
