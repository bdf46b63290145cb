import type { ErrorPage } from "@campaignctl/core"

/** Every error that webhooks raise beside the core's own, by tag: one per decision that a caller makes. */
export const webhooksErrors = {
  SubscriptionNotFound: {
    code: "WEBHOOK_SUBSCRIPTION_NOT_FOUND",
    title: "No such webhook subscription",
    causes: ["the id is wrong", "it was removed", "it is bound to divisions that are not yours"],
    nextStep: "List the subscriptions with `campaignctl webhook list`."
  },
  DeliveryNotFound: {
    code: "WEBHOOK_DELIVERY_NOT_FOUND",
    title: "No such delivery",
    causes: [
      "the id is wrong",
      "it was delivered so long ago that it is kept in the ledger alone",
      "its subscription was removed, or is bound to divisions that are not yours"
    ],
    nextStep: "List the deliveries with `campaignctl webhook deliveries`."
  },
  DeliveryNotRepeatable: {
    code: "WEBHOOK_DELIVERY_NOT_REPEATABLE",
    title: "The delivery cannot be repeated now",
    causes: ["it is still being tried", "its subscription is disabled"],
    nextStep: "Wait until it is over, or enable the subscription first; then ask again."
  },
  ReceiverRefused: {
    code: "WEBHOOK_RECEIVER_REFUSED",
    title: "Nothing may be sent to this address",
    causes: [
      "it is not https, or has credentials in it",
      "its name leads to an address that is not public",
      "its name cannot be resolved"
    ],
    nextStep:
      "Give an https address that is reached over the internet, or have the host named in CAMPAIGNCTL_WEBHOOK_ALLOW."
  },
  WebhooksUnavailable: {
    code: "WEBHOOKS_UNAVAILABLE",
    title: "Webhooks cannot be used now",
    causes: ["the database is down or full"],
    nextStep: "Put the database right, then look what has become of it before you ask again."
  }
} as const satisfies Readonly<Record<string, ErrorPage>>

/** The tag of an error of webhooks. */
export type WebhooksErrorTag = keyof typeof webhooksErrors
/** Its stable code. */
export type WebhooksErrorCode = (typeof webhooksErrors)[WebhooksErrorTag]["code"]
