import type { ErrorPage } from "@campaignctl/core"
import { webhooksErrors } from "./errorPages.ts"
import type {
  DeliveryNotFound,
  DeliveryNotRepeatable,
  ReceiverRefused,
  SubscriptionNotFound,
  WebhooksUnavailable
} from "./errors.ts"

/** What webhooks fail with beside the core's errors. */
export type WebhooksError =
  | DeliveryNotFound
  | DeliveryNotRepeatable
  | ReceiverRefused
  | SubscriptionNotFound
  | WebhooksUnavailable

const pages: Readonly<Record<WebhooksError["_tag"], ErrorPage>> = webhooksErrors

/** Whether an error is one of webhooks, told by its tag: none of the classes is loaded for it. */
export const isWebhooksError = (error: { readonly _tag: string }): error is WebhooksError =>
  Object.hasOwn(pages, error._tag)
