import { Schema } from "effect"
import { SentEventType } from "./EventType.ts"

/**
 * - `pending`: to be sent, or to be sent again, or waiting for an earlier one of its campaign
 * - `delivered`: the receiver answered 2xx
 * - `dead`: given up; it can be sent again by hand
 */
export const DeliveryStatus = Schema.Literals(["pending", "delivered", "dead"])
export type DeliveryStatus = typeof DeliveryStatus.Type

/** One try to hand a message over. */
export const DeliveryAttempt = Schema.Struct({
  /** From 1. */
  number: Schema.Int,
  /** ISO 8601 in UTC, milliseconds. */
  at: Schema.String,
  durationMs: Schema.Int,
  /** The HTTP status of the answer; null where there was none. */
  status: Schema.NullOr(Schema.Int),
  /** A sentence for a person; nothing of the answer's body. */
  detail: Schema.String
})
export type DeliveryAttempt = typeof DeliveryAttempt.Type

/** One message to one subscription. */
export const WebhookDelivery = Schema.Struct({
  /** A UUID v7. */
  id: Schema.String,
  subscriptionId: Schema.String,
  /** The `webhook-id`; the same in every attempt and in every redelivery. */
  eventId: Schema.String,
  eventType: SentEventType,
  /** Null where the event is about no single campaign. */
  campaignId: Schema.NullOr(Schema.String),
  /** The ledger sequence of the entry that the event tells of. */
  eventSequence: Schema.Int,
  status: DeliveryStatus,
  /** Times that it was sent, over all redeliveries. */
  attempts: Schema.Int,
  /** All of these: ISO 8601 in UTC, milliseconds. */
  createdAt: Schema.String,
  /** When it is sent again at the earliest; null once it is over. */
  nextAttemptAt: Schema.NullOr(Schema.String),
  finishedAt: Schema.NullOr(Schema.String),
  /** The HTTP status that the receiver answered last; null where there was no answer. */
  lastStatus: Schema.NullOr(Schema.Int),
  /** A sentence for a person on what came of the last attempt; null before the first. */
  detail: Schema.NullOr(Schema.String),
  /** Of the entry in the ledger that tells how it ended; null until that is written. */
  auditSequence: Schema.NullOr(Schema.Int)
})
export type WebhookDelivery = typeof WebhookDelivery.Type
