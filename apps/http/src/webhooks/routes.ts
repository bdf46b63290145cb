import type { WithSecret } from "@campaignctl/webhooks"
import { Effect, Redacted } from "effect"
import { boundTo } from "../callers/Caller.ts"
import { KEY_HEADER } from "../operations/submit.ts"
import { json, type TextAnswer } from "../routes/Answer.ts"
import { asJson } from "../routes/asJson.ts"
import { noBody, none, route } from "../routes/Route.ts"
import { deliveryRoutes } from "./deliveries.ts"
import { idOf, IdPath, KEY_PROBLEMS, keyed, webhooksPort } from "./port.ts"
import {
  ChangeBody,
  SecretBody,
  SubscriptionDocument,
  SubscriptionList,
  TestDocument,
  WebhookBody,
  WithSecretDocument
} from "./schemas.ts"

const PATH = "/v1/webhooks"
const SCOPE = "webhooks:manage"

const REPLAYED = {
  "Idempotency-Replayed": "`true` where the answer is that of an earlier request."
} as const

/** The one answer with a secret in it; like every other, it may be stored nowhere. */
const withSecret = (
  { secret, subscription }: WithSecret,
  headers: Readonly<Record<string, string>> = {}
): TextAnswer =>
  json(
    { subscription, secret: Redacted.value(secret) } satisfies typeof WithSecretDocument.Type,
    headers
  )

const listRoute = route({
  method: "GET",
  path: PATH,
  operationId: "listWebhooks",
  summary: "The webhook subscriptions, the oldest first, without their secrets.",
  scope: SCOPE,
  params: none,
  query: none,
  body: noBody,
  success: { description: "They.", mediaTypes: { "application/json": SubscriptionList } },
  problems: [],
  run: Effect.fnUntraced(function* (_, { caller }) {
    const subscriptions = yield* (yield* webhooksPort).list(boundTo(caller))
    return json({ subscriptions } satisfies typeof SubscriptionList.Type)
  })
})

const addRoute = route({
  method: "POST",
  path: PATH,
  operationId: "addWebhook",
  summary: "Have another system told of what happens, signed, from now on.",
  scope: SCOPE,
  params: none,
  query: none,
  body: WebhookBody,
  headers: [KEY_HEADER],
  success: {
    status: 201,
    description: "It is durable. Its secret is shown in this answer alone.",
    mediaTypes: { "application/json": WithSecretDocument },
    headers: { Location: "Where the subscription is looked at.", ...REPLAYED }
  },
  problems: ["WEBHOOK_RECEIVER_REFUSED", ...KEY_PROBLEMS],
  runsToTheEnd: true,
  run: Effect.fnUntraced(function* ({ body }, incoming) {
    const { caller, deployment } = incoming
    const webhooks = yield* webhooksPort
    const created = (made: WithSecret): TextAnswer => ({
      ...withSecret(made, { location: `${deployment.base}${PATH}/${made.subscription.id}` }),
      status: 201
    })
    return yield* keyed(
      { method: "POST", path: PATH, body: asJson(body) },
      {
        perform: (id) =>
          Effect.map(
            webhooks.add({ draft: body, id, requestedBy: caller.requestedBy, ...boundTo(caller) }),
            created
          ),
        // Nobody has seen the secret of one that was made by whoever died: another takes its place.
        recover: (id) =>
          webhooks.rotateSecret(id, { retireAfterMs: 0, ...boundTo(caller) }).pipe(
            Effect.map(created),
            Effect.catchTag("SubscriptionNotFound", () => Effect.undefined)
          )
      },
      incoming
    )
  })
})

const getRoute = route({
  method: "GET",
  path: `${PATH}/{id}`,
  operationId: "getWebhook",
  summary: "One webhook subscription, without its secrets.",
  scope: SCOPE,
  params: IdPath,
  query: none,
  body: noBody,
  success: { description: "It.", mediaTypes: { "application/json": SubscriptionDocument } },
  problems: ["WEBHOOK_SUBSCRIPTION_NOT_FOUND"],
  run: ({ params }, { caller }) =>
    Effect.flatMap(webhooksPort, ({ get }) =>
      Effect.map(get(idOf(params), boundTo(caller)), (found) => json(found))
    )
})

const changeRoute = route({
  method: "PATCH",
  path: `${PATH}/{id}`,
  operationId: "changeWebhook",
  summary: "Change a webhook subscription; disable it, or enable it again.",
  scope: SCOPE,
  params: IdPath,
  query: none,
  body: ChangeBody,
  success: {
    description: "As it is from now on.",
    mediaTypes: { "application/json": SubscriptionDocument }
  },
  problems: ["WEBHOOK_SUBSCRIPTION_NOT_FOUND", "WEBHOOK_RECEIVER_REFUSED"],
  runsToTheEnd: true,
  run: ({ body, params }, { caller }) =>
    Effect.flatMap(webhooksPort, ({ update }) =>
      Effect.map(update(idOf(params), body, boundTo(caller)), (changed) => json(changed))
    )
})

const removeRoute = route({
  method: "DELETE",
  path: `${PATH}/{id}`,
  operationId: "removeWebhook",
  summary: "Remove a webhook subscription with its deliveries: nothing more is sent.",
  scope: SCOPE,
  params: IdPath,
  query: none,
  body: noBody,
  success: {
    description: "As it was. The ledger keeps what it was told.",
    mediaTypes: { "application/json": SubscriptionDocument }
  },
  problems: ["WEBHOOK_SUBSCRIPTION_NOT_FOUND"],
  runsToTheEnd: true,
  run: ({ params }, { caller }) =>
    Effect.flatMap(webhooksPort, ({ remove }) =>
      Effect.map(remove(idOf(params), boundTo(caller)), (removed) => json(removed))
    )
})

const testRoute = route({
  method: "POST",
  path: `${PATH}/{id}/test`,
  operationId: "testWebhook",
  summary: "Send a test message now, once, and tell what the receiver answered.",
  scope: SCOPE,
  params: IdPath,
  query: none,
  body: noBody,
  headers: [KEY_HEADER],
  success: {
    description: "What came of it.",
    mediaTypes: { "application/json": TestDocument },
    headers: REPLAYED
  },
  problems: ["WEBHOOK_SUBSCRIPTION_NOT_FOUND", ...KEY_PROBLEMS],
  runsToTheEnd: true,
  run: Effect.fnUntraced(function* ({ params }, incoming) {
    const { test } = yield* webhooksPort
    const { caller } = incoming
    const id = idOf(params)
    return yield* keyed(
      { method: "POST", path: `${PATH}/${id}/test` },
      {
        perform: () =>
          Effect.map(test(id, { requestedBy: caller.requestedBy, ...boundTo(caller) }), (answer) =>
            json(answer satisfies typeof TestDocument.Type)
          )
      },
      incoming
    )
  })
})

const secretRoute = route({
  method: "POST",
  path: `${PATH}/{id}/secret`,
  operationId: "rotateWebhookSecret",
  summary: "Make a new secret. Messages are signed with the ones before too, until those retire.",
  scope: SCOPE,
  params: IdPath,
  query: none,
  body: SecretBody,
  headers: [KEY_HEADER],
  success: {
    description: "The new secret is shown in this answer alone.",
    mediaTypes: { "application/json": WithSecretDocument },
    headers: REPLAYED
  },
  problems: ["WEBHOOK_SUBSCRIPTION_NOT_FOUND", ...KEY_PROBLEMS],
  runsToTheEnd: true,
  run: Effect.fnUntraced(function* ({ body, params }, incoming) {
    const { rotateSecret } = yield* webhooksPort
    const { caller } = incoming
    const id = idOf(params)
    return yield* keyed(
      { method: "POST", path: `${PATH}/${id}/secret`, body: asJson(body) },
      {
        perform: () =>
          Effect.map(rotateSecret(id, { ...body, ...boundTo(caller) }), (made) => withSecret(made))
      },
      incoming
    )
  })
})

/** Paths that have a fixed part in place of an id stand behind those with the id. */
export const webhookRoutes = [
  listRoute,
  addRoute,
  getRoute,
  changeRoute,
  removeRoute,
  testRoute,
  secretRoute,
  ...deliveryRoutes
]
