import type { WebhooksError } from "@campaignctl/webhooks/errors"
import { webhooksStatuses } from "./statusOf.ts"

/** What the database said is for the log; an address is not repeated, since it may hold a secret. */
const detailOf = (error: WebhooksError): string => {
  if (error._tag === "WebhooksUnavailable") return `${error.page.title}.`
  return error._tag === "ReceiverRefused" ? error.why : error.message
}

/** How an error of webhooks is answered. */
export const webhooksFields = (error: WebhooksError) => ({
  ...error.page,
  status: webhooksStatuses[error._tag],
  detail: detailOf(error),
  parts: {}
})
