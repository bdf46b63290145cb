import type { AuditLog, Ids } from "@campaignctl/core"
import { memoryAuditLog, type MemoryLedger, sequentialIds } from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { layerPostgresClient } from "@campaignctl/ledger-sql/postgres"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Clock, Context, Effect, Layer, Redacted, Schema } from "effect"
import type { SqlClient } from "effect/sql"
import { Outbox } from "../../src/database/Outbox.ts"
import { SubscriptionStore } from "../../src/database/SubscriptionStore.ts"
import { Sender } from "../../src/delivery/Sender.ts"
import {
  type Answer,
  layerWebhooksOver,
  type NoAnswer,
  type Outgoing,
  Resolver,
  Transport,
  WebhookEvent,
  type Webhooks
} from "../../src/index.ts"

const decodeEvent = Schema.decodeUnknownSync(Schema.fromJsonString(WebhookEvent))

/** A message as a receiver got it. */
export interface Received {
  readonly at: number
  readonly message: Outgoing
  readonly id: string
  readonly event: WebhookEvent
}

/** What a receiver does with the n-th message that it gets, from 1. */
export type Behaviour = (received: Received, n: number) => Effect.Effect<Answer, NoAnswer>

/** Receivers that exist in the test alone. */
export class Receivers extends Context.Service<
  Receivers,
  {
    readonly behave: (url: string, behaviour: Behaviour) => void
    readonly received: (url: string) => ReadonlyArray<Received>
  }
>()("test/Receivers") {}

export const answering =
  (status: number, retryAfter?: string): Behaviour =>
  () =>
    Effect.succeed({ status, ...(retryAfter === undefined ? {} : { retryAfter }) })

const receivers: Layer.Layer<Receivers | Transport> = Layer.effectContext(
  Effect.sync(() => {
    const behaviours = new Map<string, Behaviour>()
    const got = new Map<string, Array<Received>>()
    const send = Effect.fnUntraced(function* (message: Outgoing) {
      const received: Received = {
        at: yield* Clock.currentTimeMillis,
        message,
        id: message.headers["webhook-id"] ?? "",
        event: decodeEvent(message.body)
      }
      const all = got.get(message.url) ?? []
      all.push(received)
      got.set(message.url, all)
      const behave = behaviours.get(message.url) ?? answering(204)
      return yield* behave(received, all.length)
    })
    return Context.make(Receivers, {
      behave: (url, behaviour) => void behaviours.set(url, behaviour),
      received: (url) => got.get(url) ?? []
    }).pipe(Context.add(Transport, { send }))
  })
)

const publicNames = Layer.succeed(Resolver, {
  addresses: () => Effect.succeed(["93.184.215.14"])
})

export type World =
  | Webhooks
  | Receivers
  | Transport
  | AuditLog
  | MemoryLedger
  | Ids
  | SqlClient.SqlClient
  | Outbox
  | SubscriptionStore
  | Sender

const over = (database: Layer.Layer<SqlClient.SqlClient>): Layer.Layer<World> =>
  Layer.mergeAll(
    Layer.orDie(layerWebhooksOver()).pipe(Layer.provide(publicNames)),
    Layer.orDie(
      Layer.provideMerge(Sender.layer, Layer.merge(Outbox.layer, SubscriptionStore.layer))
    )
  ).pipe(
    Layer.provideMerge(receivers),
    Layer.provideMerge(memoryAuditLog),
    Layer.provideMerge(Layer.merge(sequentialIds, database))
  )

const sqlite: Layer.Layer<SqlClient.SqlClient> = Layer.orDie(
  layerSqliteClient({ filename: ":memory:" })
)

const postgres: Layer.Layer<SqlClient.SqlClient> = Layer.unwrap(
  Effect.map(Effect.promise(freshDatabase), (url) =>
    Layer.orDie(layerPostgresClient({ url: Redacted.make(url) }))
  )
)

/** Each layer that is built is an empty world. */
export const worlds: ReadonlyArray<readonly [string, Layer.Layer<World>]> = [
  ["SQLite", over(sqlite)],
  ["PostgreSQL", over(postgres)]
]

export const sqliteWorld: Layer.Layer<World> = over(sqlite)
