import type { ErrorPage } from "@campaignctl/core"
import { Schema } from "effect"
import { webhooksErrors } from "./errorPages.ts"

/** There is no such subscription, or it is not the caller's to see. */
export class SubscriptionNotFound extends Schema.TaggedError<SubscriptionNotFound>()(
  "SubscriptionNotFound",
  { subscriptionId: Schema.String }
) {
  readonly page: ErrorPage = webhooksErrors.SubscriptionNotFound
  override get message(): string {
    return `There is no webhook subscription ${this.subscriptionId}.`
  }
}

/** There is no such delivery, or it is not the caller's to see. */
export class DeliveryNotFound extends Schema.TaggedError<DeliveryNotFound>()("DeliveryNotFound", {
  deliveryId: Schema.String
}) {
  readonly page: ErrorPage = webhooksErrors.DeliveryNotFound
  override get message(): string {
    return `There is no delivery ${this.deliveryId}.`
  }
}

/** A delivery that is under way is not repeated, nor anything to a disabled subscription. */
export class DeliveryNotRepeatable extends Schema.TaggedError<DeliveryNotRepeatable>()(
  "DeliveryNotRepeatable",
  { what: Schema.String, why: Schema.String }
) {
  readonly page: ErrorPage = webhooksErrors.DeliveryNotRepeatable
  override get message(): string {
    return `${this.what} cannot be repeated: ${this.why}`
  }
}

/** Nothing may be sent to the address: it could be used to reach what is not public. */
export class ReceiverRefused extends Schema.TaggedError<ReceiverRefused>()("ReceiverRefused", {
  /** Its scheme, host and port: the rest may be a secret. */
  receiver: Schema.String,
  /** A sentence for a person. */
  why: Schema.String
}) {
  readonly page: ErrorPage = webhooksErrors.ReceiverRefused
  override get message(): string {
    return `Nothing may be sent to ${this.receiver}: ${this.why}`
  }
}

/** The database of subscriptions and deliveries cannot be used. What was kept before stays as it is. */
export class WebhooksUnavailable extends Schema.TaggedError<WebhooksUnavailable>()(
  "WebhooksUnavailable",
  { detail: Schema.String }
) {
  readonly page: ErrorPage = webhooksErrors.WebhooksUnavailable
  override get message(): string {
    return `Webhooks cannot be used now: ${this.detail}`
  }
}
