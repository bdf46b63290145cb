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
export { type AllowList, allowNone, parseAllowList } from "./address/AllowList.ts"
export { shownReceiver } from "./address/Receiver.ts"
export { Resolver, resolverLive } from "./address/Resolver.ts"
export { deliver, type DeliverOptions, deliverOver, type DeliverPorts } from "./delivery/deliver.ts"
export { eventsOf } from "./events/eventsOf.ts"
export { EVENT_SOURCE, eventJsonSchema, WebhookEvent } from "./events/WebhookEvent.ts"
export { layerWebhooks, layerWebhooksOver, type WebhooksOptions } from "./kept/layerWebhooks.ts"
export { type Answer, NoAnswer, type Outgoing, Transport } from "./transport/Transport.ts"
