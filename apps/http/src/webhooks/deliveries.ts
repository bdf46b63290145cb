import { DeliveryStatus, type Redelivery } from "@campaignctl/webhooks"
import { Effect, Option, Schema } from "effect"
import { boundTo } from "../callers/Caller.ts"
import { KEY_HEADER } from "../operations/submit.ts"
import { json } from "../routes/Answer.ts"
import { cursorText, readCursor } from "../routes/cursor.ts"
import { type Incoming, malformed, noBody, none, route } from "../routes/Route.ts"
import { idOf, IdPath, KEY_PROBLEMS, keyed, webhooksPort } from "./port.ts"
import { DeliveryList, DeliveryWithAttempts, RedeliveryDocument } from "./schemas.ts"

/** Deliveries in a page. */
const MOST_IN_PAGE = 200
const DEFAULT_IN_PAGE = 50

const Cursor = Schema.Struct({ before: Schema.String.check(Schema.isUUID()) })

const listRoute = route({
  method: "GET",
  path: "/v1/webhooks/{id}/deliveries",
  operationId: "listWebhookDeliveries",
  summary: "What was and is to be sent to one subscription, the newest first, page by page.",
  scope: "webhooks:manage",
  params: IdPath,
  body: noBody,
  query: Schema.Struct({
    status: Schema.optionalKey(DeliveryStatus),
    limit: Schema.optionalKey(
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: MOST_IN_PAGE }))
    ),
    cursor: Schema.optionalKey(Schema.String)
  }),
  success: { description: "A page.", mediaTypes: { "application/json": DeliveryList } },
  problems: ["WEBHOOK_SUBSCRIPTION_NOT_FOUND"],
  run: Effect.fnUntraced(function* ({ params, query }, { caller }) {
    const { cursor, limit = DEFAULT_IN_PAGE, status } = query
    const at = cursor === undefined ? {} : Option.getOrNull(readCursor(Cursor, cursor))
    if (at === null)
      return yield* malformed([{ key: "query.cursor", expected: "the nextCursor of another page" }])
    // One more than asked for tells whether there is a next page.
    const found = yield* (yield* webhooksPort).deliveries({
      ...boundTo(caller),
      ...at,
      subscriptionId: idOf(params),
      ...(status === undefined ? {} : { status }),
      limit: limit + 1
    })
    const deliveries = found.slice(0, limit)
    const last = deliveries.at(-1)
    return json({
      deliveries,
      nextCursor:
        found.length > limit && last !== undefined ? cursorText({ before: last.id }) : null
    } satisfies typeof DeliveryList.Type)
  })
})

const getRoute = route({
  method: "GET",
  path: "/v1/webhooks/deliveries/{id}",
  operationId: "getWebhookDelivery",
  summary: "One delivery, with every attempt.",
  scope: "webhooks:manage",
  params: IdPath,
  query: none,
  body: noBody,
  success: { description: "It.", mediaTypes: { "application/json": DeliveryWithAttempts } },
  problems: ["WEBHOOK_DELIVERY_NOT_FOUND"],
  run: ({ params }, { caller }) =>
    Effect.flatMap(webhooksPort, ({ delivery }) =>
      Effect.map(delivery(idOf(params), boundTo(caller)), (found) =>
        json(found satisfies typeof DeliveryWithAttempts.Type)
      )
    )
})

const ACCEPTED = {
  status: 202,
  description: "It goes on, under the same event ids, which a receiver may have seen already.",
  mediaTypes: { "application/json": RedeliveryDocument },
  headers: { "Idempotency-Replayed": "`true` where the answer is that of an earlier request." }
} as const

const redelivered = Effect.fnUntraced(function* (
  what: Redelivery,
  path: string,
  incoming: Incoming
) {
  const { redeliver } = yield* webhooksPort
  const perform = () =>
    Effect.map(redeliver(what, boundTo(incoming.caller)), (count) => ({
      ...json({ redelivered: count } satisfies typeof RedeliveryDocument.Type),
      status: 202
    }))
  return yield* keyed({ method: "POST", path }, { perform }, incoming)
})

const redeliverOneRoute = route({
  method: "POST",
  path: "/v1/webhooks/deliveries/{id}/redeliver",
  operationId: "redeliverWebhookDelivery",
  summary: "Send one message again that is dead, or was delivered.",
  scope: "webhooks:manage",
  params: IdPath,
  query: none,
  body: noBody,
  headers: [KEY_HEADER],
  success: ACCEPTED,
  problems: ["WEBHOOK_DELIVERY_NOT_FOUND", "WEBHOOK_DELIVERY_NOT_REPEATABLE", ...KEY_PROBLEMS],
  runsToTheEnd: true,
  run: ({ params }, incoming) => {
    const deliveryId = idOf(params)
    return redelivered({ deliveryId }, `/v1/webhooks/deliveries/${deliveryId}/redeliver`, incoming)
  }
})

const redeliverDeadRoute = route({
  method: "POST",
  path: "/v1/webhooks/{id}/redeliver",
  operationId: "redeliverWebhook",
  summary: "Send everything again that is dead for one subscription.",
  scope: "webhooks:manage",
  params: IdPath,
  query: none,
  body: noBody,
  headers: [KEY_HEADER],
  success: ACCEPTED,
  problems: ["WEBHOOK_SUBSCRIPTION_NOT_FOUND", "WEBHOOK_DELIVERY_NOT_REPEATABLE", ...KEY_PROBLEMS],
  runsToTheEnd: true,
  run: ({ params }, incoming) => {
    const subscriptionId = idOf(params)
    return redelivered({ subscriptionId }, `/v1/webhooks/${subscriptionId}/redeliver`, incoming)
  }
})

export const deliveryRoutes = [listRoute, redeliverDeadRoute, getRoute, redeliverOneRoute]
