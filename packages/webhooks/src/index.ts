export {
  DeliveryNotFound,
  DeliveryNotRepeatable,
  ReceiverRefused,
  SubscriptionNotFound,
  WebhooksUnavailable
} from "./domain/errors.ts"
export { EventType, SentEventType, TEST_EVENT_TYPE } from "./domain/EventType.ts"
export {
  DEFAULT_RETRY_FOR_MS,
  Disabled,
  EventFilter,
  Subscription,
  SubscriptionChange,
  SubscriptionDraft
} from "./domain/Subscription.ts"
export { DeliveryAttempt, DeliveryStatus, WebhookDelivery } from "./domain/WebhookDelivery.ts"
export * from "./errors.ts"
export {
  type BoundTo,
  type DeliveryQuery,
  type ManagedSubscription,
  type Redelivery,
  type SubscriptionSubmission,
  type TestAnswer,
  Webhooks,
  type WithSecret
} from "./ports/Webhooks.ts"
