import { Clock, Context, Effect, Layer, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { SubscriptionNotFound, type WebhooksUnavailable } from "../domain/errors.ts"
import type { Disabled, Subscription } from "../domain/Subscription.ts"
import { migrations, MIGRATIONS_TABLE } from "./migrations.ts"
import { openTables } from "./openTables.ts"
import {
  type KeptSubscription,
  type SecretRow,
  type SubscriptionRow,
  subscriptionOf
} from "./rows.ts"
import { orUnavailable } from "./unavailable.ts"

/** A subscription as it is first written down. */
export interface NewSubscription extends Pick<
  Subscription,
  | "id"
  | "url"
  | "eventTypes"
  | "filter"
  | "description"
  | "retryForMs"
  | "divisionIds"
  | "managedBy"
  | "createdBy"
> {
  readonly afterSequence: number
  readonly secretId: string
  readonly secret: Redacted.Redacted
}

/** What is written over; absent parts stay. */
export interface SubscriptionPatch extends Partial<
  Pick<Subscription, "url" | "eventTypes" | "filter" | "description" | "retryForMs">
> {
  /** Null enables it; it is then told of what comes after `afterSequence`. */
  readonly disabled?: Disabled | null
  readonly afterSequence?: number
}

/** A fresh secret, and until when the ones before it are valid; epoch milliseconds. */
export interface Rotation {
  readonly id: string
  readonly secret: Redacted.Redacted
  readonly othersRetireAt: number
}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* openTables(MIGRATIONS_TABLE, migrations)

  const secretsOf = (rows: ReadonlyArray<SubscriptionRow>) =>
    rows.length === 0
      ? Effect.succeed<ReadonlyArray<SecretRow>>([])
      : sql<SecretRow>`SELECT * FROM webhook_secrets WHERE ${sql.in(
          "subscription_id",
          rows.map(({ id }) => id)
        )}`

  const kept = Effect.fnUntraced(function* (rows: ReadonlyArray<SubscriptionRow>) {
    const now = yield* Clock.currentTimeMillis
    const secrets = yield* secretsOf(rows)
    return rows.map((row) => subscriptionOf(row, secrets, now))
  })

  const list = Effect.flatMap(
    sql<SubscriptionRow>`SELECT * FROM webhook_subscriptions ORDER BY id`,
    kept
  )

  const find = Effect.fnUntraced(function* (id: string) {
    const [found] = yield* kept(
      yield* sql<SubscriptionRow>`SELECT * FROM webhook_subscriptions WHERE id = ${id}`
    )
    return found
  })

  const insertSecret = (
    subscriptionId: string,
    id: string,
    secret: Redacted.Redacted,
    now: number
  ) =>
    sql`INSERT INTO webhook_secrets ${sql.insert({
      id,
      subscription_id: subscriptionId,
      secret: Redacted.value(secret),
      created_at: now,
      retires_at: null
    })}`

  const insert = Effect.fnUntraced(function* (draft: NewSubscription) {
    const now = yield* Clock.currentTimeMillis
    const rows = yield* sql`INSERT INTO webhook_subscriptions ${sql.insert({
      id: draft.id,
      url: draft.url,
      event_types: JSON.stringify(draft.eventTypes),
      filter: JSON.stringify(draft.filter),
      description: draft.description,
      retry_for_ms: draft.retryForMs,
      disabled: null,
      failing_since: null,
      not_before: null,
      after_sequence: draft.afterSequence,
      turn: 0,
      division_ids: draft.divisionIds === null ? null : JSON.stringify(draft.divisionIds),
      managed_by: draft.managedBy,
      created_by: draft.createdBy,
      created_at: now
    })} ON CONFLICT (managed_by) DO NOTHING RETURNING id`
    if (rows.length > 0) yield* insertSecret(draft.id, draft.secretId, draft.secret, now)
    return rows.length > 0
  })

  /** What another receiver asked for, and how it failed, is nothing to the one that comes in its place. */
  const forgetReceiver = (id: string, url: string) =>
    sql`UPDATE webhook_subscriptions SET failing_since = NULL, not_before = NULL
      WHERE id = ${id} AND url <> ${url}`

  const patch = Effect.fnUntraced(function* (id: string, change: SubscriptionPatch) {
    const { afterSequence, description, disabled, eventTypes, filter, retryForMs, url } = change
    const columns = {
      ...(url === undefined ? {} : { url }),
      ...(eventTypes === undefined ? {} : { event_types: JSON.stringify(eventTypes) }),
      ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
      ...(description === undefined ? {} : { description }),
      ...(retryForMs === undefined ? {} : { retry_for_ms: retryForMs }),
      ...(afterSequence === undefined ? {} : { after_sequence: afterSequence }),
      ...(disabled === undefined
        ? {}
        : {
            disabled: disabled === null ? null : JSON.stringify(disabled),
            failing_since: null,
            not_before: null
          })
    }
    if (url !== undefined) yield* forgetReceiver(id, url)
    if (Object.keys(columns).length > 0)
      yield* sql`UPDATE webhook_subscriptions SET ${sql.update(columns)} WHERE id = ${id}`
  })

  const remove = (id: string) =>
    Effect.all(
      [
        sql`DELETE FROM webhook_subscriptions WHERE id = ${id}`,
        sql`DELETE FROM webhook_secrets WHERE subscription_id = ${id}`,
        sql`DELETE FROM webhook_attempts WHERE delivery_id IN
          (SELECT id FROM webhook_deliveries WHERE subscription_id = ${id})`,
        // What is over and not in the ledger yet stays until it is told there.
        sql`DELETE FROM webhook_deliveries WHERE subscription_id = ${id}
          AND (finished_at IS NULL OR audit_sequence IS NOT NULL)`
      ],
      { discard: true }
    )

  const rotate = Effect.fnUntraced(function* (subscriptionId: string, rotation: Rotation) {
    const { id, othersRetireAt, secret } = rotation
    yield* sql`UPDATE webhook_secrets SET retires_at = ${othersRetireAt}
      WHERE subscription_id = ${subscriptionId}
        AND (retires_at IS NULL OR retires_at > ${othersRetireAt})`
    yield* insertSecret(subscriptionId, id, secret, yield* Clock.currentTimeMillis)
  })

  /** Of two changes at once one waits for the other; whoever comes second sees what the first did. */
  const locked = <A, E, R>(id: string, work: Effect.Effect<A, E, R>) =>
    sql.withTransaction(
      Effect.andThen(sql`UPDATE webhook_subscriptions SET turn = turn + 1 WHERE id = ${id}`, work)
    )

  return {
    list: orUnavailable(list) satisfies Effect.Effect<
      ReadonlyArray<KeptSubscription>,
      WebhooksUnavailable
    >,
    get: (
      id: string
    ): Effect.Effect<KeptSubscription, SubscriptionNotFound | WebhooksUnavailable> =>
      Effect.flatMap(orUnavailable(find(id)), (found) =>
        found === undefined
          ? Effect.fail(new SubscriptionNotFound({ subscriptionId: id }))
          : Effect.succeed(found)
      ),
    /** False where what keeps it keeps one already. */
    insert: (draft: NewSubscription) => orUnavailable(sql.withTransaction(insert(draft))),
    patch: (id: string, change: SubscriptionPatch) => orUnavailable(locked(id, patch(id, change))),
    remove: (id: string) => orUnavailable(locked(id, remove(id))),
    rotate: (id: string, rotation: Rotation) => orUnavailable(locked(id, rotate(id, rotation))),
    /** Forgets secrets that are valid no more. */
    forgetSecrets: (now: number) =>
      orUnavailable(sql`DELETE FROM webhook_secrets WHERE retires_at <= ${now}`)
  }
})

/** The subscriptions of a database, with their secrets. */
export class SubscriptionStore extends Context.Service<
  SubscriptionStore,
  Effect.Success<typeof make>
>()("@campaignctl/webhooks/SubscriptionStore") {
  static readonly layer: Layer.Layer<SubscriptionStore, WebhooksUnavailable, SqlClient.SqlClient> =
    Layer.effect(SubscriptionStore, make)
}
