import { Context, Effect, Layer } from "effect"
import { SqlClient, type Statement } from "effect/sql"
import { DeliveryNotFound, type WebhooksUnavailable } from "../domain/errors.ts"
import type { DeliveryQuery } from "../ports/Webhooks.ts"
import { migrations, MIGRATIONS_TABLE } from "./migrations.ts"
import { openTables } from "./openTables.ts"
import { type AttemptRow, attemptOf, deliveryOf, type DeliveryRow } from "./rows.ts"
import { orUnavailable } from "./unavailable.ts"

/** Deliveries that a query gives where it names no limit; the most that it gives. */
const DEFAULT_LIMIT = 100
const LARGEST_LIMIT = 10_000

const limitOf = (limit: number | undefined): number =>
  Math.max(1, Math.min(limit ?? DEFAULT_LIMIT, LARGEST_LIMIT))

const make = Effect.gen(function* () {
  const sql = yield* SqlClient.SqlClient
  yield* openTables(MIGRATIONS_TABLE, migrations)

  /** Of these subscriptions alone; undefined: of all. */
  const list = (
    { before, limit, status, subscriptionId }: DeliveryQuery,
    of: ReadonlyArray<string> | undefined
  ) => {
    if (of?.length === 0) return Effect.succeed([])
    const conditions = [
      ...(subscriptionId === undefined ? [] : [sql`subscription_id = ${subscriptionId}`]),
      ...(of === undefined ? [] : [sql.in("subscription_id", of)]),
      ...(status === undefined ? [] : [sql`status = ${status}`]),
      ...(before === undefined ? [] : [sql`id < ${before}`])
    ]
    return Effect.map(
      sql<DeliveryRow>`SELECT * FROM webhook_deliveries WHERE ${sql.and([sql`1 = 1`, ...conditions])}
        ORDER BY id DESC LIMIT ${limitOf(limit)}`,
      (rows) => rows.map(deliveryOf)
    )
  }

  const find = Effect.fnUntraced(function* (id: string) {
    const [row] = yield* sql<DeliveryRow>`SELECT * FROM webhook_deliveries WHERE id = ${id}`
    if (row === undefined) return undefined
    const attempts = yield* sql<AttemptRow>`SELECT * FROM webhook_attempts
      WHERE delivery_id = ${id} ORDER BY number`
    return { delivery: deliveryOf(row), attempts: attempts.map(attemptOf) }
  })

  /** Has what is over tried again; it takes its place in its lane, before what is newer. */
  const repeat = Effect.fnUntraced(function* (
    subscriptionId: string,
    which: Statement.Fragment,
    times: { readonly now: number; readonly giveUpAt: number }
  ) {
    yield* sql`UPDATE webhook_subscriptions SET turn = turn + 1 WHERE id = ${subscriptionId}`
    const rows = yield* sql<{ lane: string }>`UPDATE webhook_deliveries
      SET status = 'pending', head = 0, tries = 0, due_at = ${times.now},
        give_up_at = ${times.giveUpAt}, finished_at = NULL, audit_sequence = NULL
      WHERE subscription_id = ${subscriptionId} AND audit_sequence IS NOT NULL AND ${which}
      RETURNING lane`
    yield* Effect.forEach(
      new Set(rows.map(({ lane }) => lane)),
      (lane) => promote(sql, subscriptionId, lane),
      { discard: true }
    )
    return rows.length
  })

  return {
    list: (query: DeliveryQuery, of: ReadonlyArray<string> | undefined) =>
      orUnavailable(list(query, of)),
    get: (id: string) =>
      Effect.flatMap(orUnavailable(find(id)), (found) =>
        found === undefined
          ? Effect.fail(new DeliveryNotFound({ deliveryId: id }))
          : Effect.succeed(found)
      ),
    repeatOne: (
      subscriptionId: string,
      id: string,
      times: { readonly now: number; readonly giveUpAt: number }
    ) => orUnavailable(sql.withTransaction(repeat(subscriptionId, sql`id = ${id}`, times))),
    repeatDead: (
      subscriptionId: string,
      times: { readonly now: number; readonly giveUpAt: number }
    ) => orUnavailable(sql.withTransaction(repeat(subscriptionId, sql`status = 'dead'`, times)))
  }
})

/**
 * Gives the turn to the first that waits in a lane, unless one has it. To be done by whoever holds the
 * subscription's row: who looks at the same moment would not see what the other has not yet committed.
 */
export const promote = (sql: SqlClient.SqlClient, subscriptionId: string, lane: string) =>
  sql`UPDATE webhook_deliveries SET head = 1 WHERE id IN (
    SELECT id FROM webhook_deliveries
    WHERE subscription_id = ${subscriptionId} AND lane = ${lane} AND status = 'pending'
    ORDER BY position LIMIT 1)
    AND NOT EXISTS (SELECT 1 FROM webhook_deliveries
      WHERE subscription_id = ${subscriptionId} AND lane = ${lane} AND head = 1)`

/** What was and is to be sent, for those who look at it and have it sent again. */
export class DeliveryStore extends Context.Service<DeliveryStore, Effect.Success<typeof make>>()(
  "@campaignctl/webhooks/DeliveryStore"
) {
  static readonly layer: Layer.Layer<DeliveryStore, WebhooksUnavailable, SqlClient.SqlClient> =
    Layer.effect(DeliveryStore, make)
}
