import { Array, Context, Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import type { WebhooksUnavailable } from "../domain/errors.ts"
import type { Disabled } from "../domain/Subscription.ts"
import { promote } from "./DeliveryStore.ts"
import { migrations, MIGRATIONS_TABLE } from "./migrations.ts"
import { type NewDelivery, rowOf } from "./NewDelivery.ts"
import { openTables } from "./openTables.ts"
import type { DeliveryRow, Integer } from "./rows.ts"
import { orUnavailable } from "./unavailable.ts"

/** Rows of one insert: twenty-three values each, below SQLite's limit of 32,766. */
const ROWS_PER_INSERT = 1_000
/** Names in one list of a condition, for the same reason. */
const NAMES_PER_QUERY = 10_000

/** What came of one attempt. */
export interface AttemptMade {
  /** Where it was sent to, as it may be shown. */
  readonly receiver: string
  readonly at: number
  readonly endedAt: number
  readonly durationMs: number
  readonly status: number | null
  readonly detail: string
}

/** An end of a delivery that the ledger tells of. */
export interface EndTold {
  readonly id: string
  /** How many attempts it had had then. */
  readonly attempts: number
  readonly sequence: number
}

/** What follows from it. */
export type Consequence =
  | { readonly _tag: "Delivered" }
  | ({ readonly _tag: "Dead" } & OfReceiver)
  | ({ readonly _tag: "Again"; readonly dueAt: number } & OfReceiver)

/** What follows for the receiver from an attempt that failed. */
interface OfReceiver {
  /** Nothing at all is to be sent to it before. */
  readonly receiverNotBefore?: number
  readonly disable?: Disabled
}

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* openTables(MIGRATIONS_TABLE, migrations)

  /** The sequence up to which the ledger was read; begins where it is told to. */
  const cursor = Effect.fnUntraced(function* (begin: number) {
    yield* sql`INSERT INTO webhook_cursor (id, sequence) VALUES (1, ${begin}) ON CONFLICT (id) DO NOTHING`
    const [row] = yield* sql<{ sequence: Integer }>`SELECT sequence FROM webhook_cursor`
    return Number(row?.sequence ?? begin)
  })

  const found = sql<{ sequence: Integer }>`SELECT sequence FROM webhook_cursor`

  const known = (subscriptionId: string, ids: ReadonlyArray<string>) =>
    Effect.map(
      Effect.forEach(
        Array.chunksOf(ids, NAMES_PER_QUERY),
        (some) => sql<{ event_id: string }>`SELECT event_id FROM webhook_deliveries
          WHERE subscription_id = ${subscriptionId} AND ${sql.in("event_id", some)}`
      ),
      (rows) => new Set(rows.flat().map(({ event_id }) => event_id))
    )

  const lanesWithHead = (subscriptionId: string, lanes: ReadonlyArray<string>) =>
    Effect.map(
      Effect.forEach(
        Array.chunksOf(lanes, NAMES_PER_QUERY),
        (some) => sql<{ lane: string }>`SELECT lane FROM webhook_deliveries
          WHERE subscription_id = ${subscriptionId} AND head = 1
            AND ${sql.in("lane", some)}`
      ),
      (rows) => new Set(rows.flat().map(({ lane }) => lane))
    )

  /** Writes down what is to be sent to one subscription, in its order; what is known already is left out. */
  const insertFor = Effect.fnUntraced(function* (
    subscriptionId: string,
    deliveries: ReadonlyArray<NewDelivery>
  ) {
    const rows =
      yield* sql`UPDATE webhook_subscriptions SET turn = turn + 1 WHERE id = ${subscriptionId} RETURNING id`
    if (rows.length === 0) return
    const old = yield* known(
      subscriptionId,
      deliveries.map(({ eventId }) => eventId)
    )
    const seen = new Set(old)
    const fresh = deliveries.filter(({ eventId }) => !seen.has(eventId) && seen.add(eventId))
    const taken = yield* lanesWithHead(subscriptionId, [...new Set(fresh.map(({ lane }) => lane))])
    const withHead = fresh.map((delivery) => {
      const head = !taken.has(delivery.lane)
      taken.add(delivery.lane)
      return rowOf(delivery, head)
    })
    yield* Effect.forEach(
      Array.chunksOf(withHead, ROWS_PER_INSERT),
      (chunk) => sql`INSERT INTO webhook_deliveries ${sql.insert(chunk)}`,
      { discard: true }
    )
  })

  /** False where another process has moved the cursor meanwhile; nothing is written then. */
  const plan = Effect.fnUntraced(function* (
    from: number,
    to: number,
    deliveries: ReadonlyArray<NewDelivery>
  ) {
    const moved =
      yield* sql`UPDATE webhook_cursor SET sequence = ${to} WHERE id = 1 AND sequence = ${from} RETURNING id`
    if (moved.length === 0) return false
    // In one order, so that no two transactions wait for each other.
    const ofSubscription = [...Map.groupBy(deliveries, (one) => one.subscriptionId)].toSorted(
      ([one], [other]) => (one < other ? -1 : 1)
    )
    yield* Effect.forEach(ofSubscription, ([id, some]) => insertFor(id, some), { discard: true })
    return true
  })

  const due = (subscriptionId: string, now: number, limit: number) =>
    sql<DeliveryRow>`SELECT * FROM webhook_deliveries
      WHERE subscription_id = ${subscriptionId} AND head = 1 AND due_at <= ${now}
        AND EXISTS (SELECT 1 FROM webhook_subscriptions s WHERE s.id = ${subscriptionId}
          AND s.disabled IS NULL AND (s.not_before IS NULL OR s.not_before <= ${now}))
      ORDER BY due_at, position LIMIT ${limit}`

  const dueSubscriptions = (now: number) =>
    Effect.map(
      sql<{ id: string }>`SELECT s.id FROM webhook_subscriptions s
        WHERE s.disabled IS NULL AND (s.not_before IS NULL OR s.not_before <= ${now})
          AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.subscription_id = s.id
            AND d.head = 1 AND d.due_at <= ${now})`,
      (rows) => rows.map(({ id }) => id)
    )

  /** What came of an attempt and what follows, at once. */
  const record = Effect.fnUntraced(function* (
    row: DeliveryRow,
    made: AttemptMade,
    next: Consequence
  ) {
    const subscriptionId = row.subscription_id
    const delivered = next._tag === "Delivered"
    const subscribed =
      yield* sql`UPDATE webhook_subscriptions SET turn = turn + 1, failing_since = ${
        delivered ? null : sql`coalesce(failing_since, ${made.endedAt})`
      } WHERE id = ${subscriptionId} RETURNING id`
    const over = next._tag !== "Again" || subscribed.length === 0
    const number = Number(row.attempts) + 1
    const outcome = {
      status: delivered ? "delivered" : over ? "dead" : "pending",
      head: over ? 0 : 1,
      attempts: number,
      tries: Number(row.tries) + 1,
      due_at: next._tag === "Again" ? next.dueAt : made.endedAt,
      finished_at: over ? made.endedAt : null,
      receiver: made.receiver,
      last_status: made.status,
      detail: made.detail
    }
    // Removed while it was under way: the ledger is to tell of it all the same, and then it is forgotten.
    if (subscribed.length === 0) {
      yield* sql`INSERT INTO webhook_deliveries ${sql.insert({ ...row, ...outcome })}
        ON CONFLICT DO NOTHING`
      return
    }
    const changed =
      yield* sql`UPDATE webhook_deliveries SET ${sql.update(outcome)} WHERE id = ${row.id} AND status = 'pending' AND attempts = ${Number(row.attempts)} RETURNING id`
    // Sent by another process too, which has told of it.
    if (changed.length === 0) return
    yield* sql`INSERT INTO webhook_attempts ${sql.insert({
      delivery_id: row.id,
      number,
      at: made.at,
      duration_ms: made.durationMs,
      status: made.status,
      detail: made.detail
    })}`
    if (over) yield* promote(sql, subscriptionId, row.lane)
    if (next._tag === "Delivered") return
    if (next.disable !== undefined)
      yield* sql`UPDATE webhook_subscriptions SET disabled = ${JSON.stringify(next.disable)}
        WHERE id = ${subscriptionId} AND disabled IS NULL`
    if (next.receiverNotBefore !== undefined)
      // Of several answers to what was under way at once the longest is obeyed.
      yield* sql`UPDATE webhook_subscriptions SET not_before = ${next.receiverNotBefore}
        WHERE id = ${subscriptionId}
          AND (not_before IS NULL OR not_before < ${next.receiverNotBefore})`
  })

  /** What is told of in the ledger, and was delivered long ago or to a subscription that is gone. */
  const prune = Effect.fnUntraced(function* (before: number, limit: number) {
    const old = yield* sql<{ id: string }>`SELECT id FROM webhook_deliveries
      WHERE status = 'delivered' AND finished_at < ${before} AND audit_sequence IS NOT NULL
      ORDER BY finished_at LIMIT ${limit}`
    const orphans = yield* sql<{ id: string }>`SELECT id FROM webhook_deliveries
      WHERE subscription_id NOT IN (SELECT id FROM webhook_subscriptions)
        AND audit_sequence IS NOT NULL LIMIT ${limit}`
    const rows = [...old, ...orphans]
    if (rows.length === 0) return 0
    const ids = rows.map(({ id }) => id)
    yield* sql`DELETE FROM webhook_attempts WHERE ${sql.in("delivery_id", ids)}`
    yield* sql`DELETE FROM webhook_deliveries WHERE ${sql.in("id", ids)}`
    return rows.length
  })

  return {
    cursor: (begin: number) => orUnavailable(sql.withTransaction(cursor(begin))),
    /** Undefined where nobody has begun to read the ledger. */
    cursorIfBegun: orUnavailable(
      Effect.map(found, ([row]) => (row === undefined ? undefined : Number(row.sequence)))
    ),
    plan: (from: number, to: number, deliveries: ReadonlyArray<NewDelivery>) =>
      orUnavailable(sql.withTransaction(plan(from, to, deliveries))),
    due: (subscriptionId: string, now: number, limit: number) =>
      orUnavailable(due(subscriptionId, now, limit)),
    /** Enabled ones that something is due to. */
    dueSubscriptions: (now: number) => orUnavailable(dueSubscriptions(now)),
    record: (row: DeliveryRow, made: AttemptMade, next: Consequence) =>
      orUnavailable(sql.withTransaction(record(row, made, next))),
    /** What is over and not in the ledger yet, the oldest first. */
    unaudited: (limit: number) =>
      orUnavailable(sql<DeliveryRow>`SELECT * FROM webhook_deliveries
        WHERE finished_at IS NOT NULL AND audit_sequence IS NULL
        ORDER BY finished_at, position LIMIT ${limit}`),
    /** Where in the ledger each end is told of. */
    audited: (ends: ReadonlyArray<EndTold>) =>
      ends.length === 0
        ? Effect.void
        : orUnavailable(
            sql.withTransaction(
              Effect.forEach(
                ends,
                // It may be under way again meanwhile.
                ({ attempts, id, sequence }) =>
                  sql`UPDATE webhook_deliveries SET audit_sequence = ${sequence}
                    WHERE id = ${id} AND attempts = ${attempts} AND finished_at IS NOT NULL`,
                { discard: true }
              )
            )
          ),
    /** Forgets some of what was delivered before an instant, or is of no subscription; answers how many. */
    prune: (before: number, limit: number) =>
      orUnavailable(sql.withTransaction(prune(before, limit)))
  }
})

/** The tables as the deliverer sees them: what it plans, what is due, what came of it. */
export class Outbox extends Context.Service<Outbox, Effect.Success<typeof make>>()(
  "@campaignctl/webhooks/Outbox"
) {
  static readonly layer: Layer.Layer<Outbox, WebhooksUnavailable, SqlClient.SqlClient> =
    Layer.effect(Outbox, make)
}
