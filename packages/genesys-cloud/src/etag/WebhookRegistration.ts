import { type GatewayError, RequestInvalid } from "@campaignctl/core"
import { Context, Effect } from "effect"
import { permissions } from "../permissions.ts"
import { routes } from "../routes.ts"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { textOf } from "../wire/json.ts"
import { malformed } from "../wire/malformed.ts"

/** The id of a webhook that was there already, whose own id the reply does not tell. */
const EXISTING = "existing"
const CONFLICT_STATUS = 409

/** Registers a webhook with Genesys, where the contract has such a thing. */
export class WebhookRegistration extends Context.Service<
  WebhookRegistration,
  {
    /** Registers the address. One that is registered already counts as success, with the id `existing`. */
    readonly register: (
      endpoint: string
    ) => Effect.Effect<{ readonly id: string }, GatewayError | RequestInvalid>
  }
>()("@campaignctl/genesys-cloud/WebhookRegistration") {}

/** The registration's body. Source: the ETag contract's description. */
const registrationOf = (endpoint: string): object => ({
  name: "Outbound Campaign State Sync",
  enabled: true,
  type: "rest",
  endpoint,
  endpointType: "rest",
  restMessage: {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Genesys-Source": "campaign-state-manager" }
  },
  eventFilters: ["outbound.campaign.updated"],
  eventSchemaVersion: "v1",
  deliveryPolicy: { retryPolicy: "exponential", retryIntervalSeconds: 5, maxRetries: 3 },
  authentication: { type: "none" }
})

export const makeEtagWebhooks = (client: GenesysClient): WebhookRegistration["Service"] => ({
  register: Effect.fnUntraced(function* (endpoint) {
    if (!isWebAddress(endpoint))
      return yield* invalid("endpoint", "an http or https address", "something else")
    const what = "registering the webhook"
    return yield* client
      .call({
        what,
        permission: permissions.webhooks,
        route: routes.webhooks,
        send: ({ call }) => call("POST", routes.webhooks.template, {}, registrationOf(endpoint))
      })
      .pipe(
        Effect.flatMap(({ body }) => {
          const id = textOf(body, "id")
          return id === undefined ? Effect.fail(malformed(what, "id")) : Effect.succeed({ id })
        }),
        Effect.catchTag("GenesysRefused", (refused) =>
          refused.status === CONFLICT_STATUS
            ? Effect.succeed({ id: EXISTING })
            : Effect.fail(refused)
        )
      )
  })
})

/** For the platform contract, which has no webhooks to register. */
export const platformHasNoWebhooks: WebhookRegistration["Service"] = {
  register: () =>
    invalid(
      "contract",
      "the ETag contract, as Genesys Cloud's public API has no webhooks to register",
      "the platform contract"
    )
}

const invalid = (
  key: string,
  expected: string,
  found: string
): Effect.Effect<never, RequestInvalid> =>
  Effect.fail(new RequestInvalid({ problems: [{ key, expected, found }] }))

const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
