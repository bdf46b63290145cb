import {
  DeliveryAttempt,
  EventFilter,
  Subscription,
  SubscriptionChange,
  SubscriptionDraft,
  WebhookDelivery
} from "@campaignctl/webhooks"
import { Schema } from "effect"
import { LINE, LINE_WORDS } from "../routes/text.ts"

/** Longest description, in characters: a line in a list. */
const LONGEST_DESCRIPTION = 200
/** Ids in one list of a filter. */
const MOST_IDS = 1_000
/** Longest time for which an old secret goes on being used, in milliseconds: thirty days. */
const LONGEST_RETIREMENT_MS = 2_592_000_000

const ids = Schema.Array(Schema.String.check(Schema.isUUID())).check(Schema.isMaxLength(MOST_IDS))

const Filter = Schema.Struct({
  divisionIds: Schema.optionalKey(ids),
  campaignIds: Schema.optionalKey(ids)
}).annotate({
  identifier: "WebhookFilterAsked",
  description: "The campaigns that fit every part that is present."
})

/** What is written down must be one line: PostgreSQL keeps no text with a NUL. */
const limited = {
  filter: Schema.optionalKey(Filter),
  description: Schema.optionalKey(
    Schema.String.check(Schema.isPattern(LINE, LINE_WORDS), Schema.isMaxLength(LONGEST_DESCRIPTION))
  )
} as const

export const WebhookBody = Schema.Struct({ ...SubscriptionDraft.fields, ...limited }).annotate({
  identifier: "WebhookRequest",
  description: "All events of all campaigns, unless it says otherwise."
})

export const ChangeBody = Schema.Struct({ ...SubscriptionChange.fields, ...limited })
  .check(Schema.isMinProperties(1))
  .annotate({
    identifier: "WebhookChange",
    description: "What is to be different; absent parts stay as they are."
  })

export const SecretBody = Schema.Struct({
  retireAfterMs: Schema.optionalKey(
    Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: LONGEST_RETIREMENT_MS })).annotate({
      description:
        "Milliseconds for which messages are signed with the secrets before it too; a day unless said."
    })
  )
}).annotate({ identifier: "WebhookSecretRequest" })

export const SubscriptionDocument = Schema.Struct({
  ...Subscription.fields,
  filter: EventFilter.annotate({ identifier: "WebhookFilter" })
}).annotate({ identifier: "WebhookSubscription" })

export const SubscriptionList = Schema.Struct({
  subscriptions: Schema.Array(SubscriptionDocument)
}).annotate({ identifier: "WebhookSubscriptionList" })

export const WithSecretDocument = Schema.Struct({
  subscription: SubscriptionDocument,
  secret: Schema.String.annotate({
    description: "What the receiver verifies signatures with. It is not shown again."
  })
}).annotate({ identifier: "WebhookSubscriptionWithSecret" })

export const TestDocument = Schema.Struct({
  eventId: Schema.String,
  delivered: Schema.Boolean.annotate({ description: "Whether the receiver answered 2xx." }),
  status: Schema.NullOr(Schema.Int).annotate({ description: "Null where there was no answer." }),
  durationMs: Schema.Int,
  detail: Schema.String
}).annotate({ identifier: "WebhookTest" })

const DeliveryDocument = WebhookDelivery.annotate({ identifier: "WebhookDelivery" })

export const DeliveryList = Schema.Struct({
  deliveries: Schema.Array(DeliveryDocument),
  nextCursor: Schema.NullOr(Schema.String).annotate({
    description: "Send it as `cursor` for the next page; null on the last."
  })
}).annotate({ identifier: "WebhookDeliveryList" })

export const DeliveryWithAttempts = Schema.Struct({
  delivery: DeliveryDocument,
  attempts: Schema.Array(DeliveryAttempt.annotate({ identifier: "WebhookAttempt" })).annotate({
    description: "Every time that it was sent, in order."
  })
}).annotate({ identifier: "WebhookDeliveryWithAttempts" })

export const RedeliveryDocument = Schema.Struct({
  redelivered: Schema.Int.annotate({ description: "Messages that are to be sent again." })
}).annotate({ identifier: "WebhookRedelivery" })
