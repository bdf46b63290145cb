import { CampaignId, CampaignNotFound, errorCatalogue } from "@campaignctl/core"
import { expect, it } from "vitest"
import {
  DeliveryNotFound,
  DeliveryNotRepeatable,
  isWebhooksError,
  ReceiverRefused,
  SubscriptionNotFound,
  webhooksErrors,
  WebhooksUnavailable
} from "../src/index.ts"

const raised = [
  new SubscriptionNotFound({ subscriptionId: "x" }),
  new DeliveryNotFound({ deliveryId: "x" }),
  new DeliveryNotRepeatable({ what: "Delivery x", why: "it is still being tried." }),
  new ReceiverRefused({ receiver: "https://10.0.0.1/", why: "it is a private address." }),
  new WebhooksUnavailable({ detail: "the disk is full." })
]

it("gives every error its page, and no page two errors", () => {
  expect(Object.fromEntries(raised.map(({ _tag, page }) => [_tag, page]))).toEqual(webhooksErrors)
  const codes = [...Object.values(errorCatalogue), ...Object.values(webhooksErrors)].map(
    ({ code }) => code
  )
  expect(new Set(codes).size).toBe(codes.length)
})

it("knows its own errors from those of the core", () => {
  expect(raised.filter((error) => !isWebhooksError(error))).toEqual([])
  const other = new CampaignNotFound({
    campaignId: CampaignId.make("66666666-6666-4666-8666-666666666666")
  })
  expect(isWebhooksError(other)).toBe(false)
})

it("tells each in sentences", () => {
  for (const { message } of raised) expect(message).toMatch(/^[A-Z].*[.)]$/)
})
