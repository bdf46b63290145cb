import type { RequestInvalid } from "@campaignctl/core"
import { Context, type Effect, type Redacted } from "effect"
import type {
  DeliveryNotFound,
  DeliveryNotRepeatable,
  ReceiverRefused,
  SubscriptionNotFound,
  WebhooksUnavailable
} from "../domain/errors.ts"
import type { Subscription } from "../domain/Subscription.ts"
import type { DeliveryAttempt, DeliveryStatus, WebhookDelivery } from "../domain/WebhookDelivery.ts"

/** Whom an answer is for. */
export interface BoundTo {
  /** The divisions that whoever asks may touch; a subscription that reaches beyond is not there for them. Absent: all. */
  readonly divisionIds?: ReadonlyArray<string>
}

/** A subscription that somebody wants. It is told of campaigns in the submitter's divisions alone. */
export interface SubscriptionSubmission extends BoundTo {
  /** A `SubscriptionDraft` that nobody has looked at yet. */
  readonly draft: unknown
  readonly requestedBy: string
  /** A UUID v7 that no subscription has yet; one is made where it is absent. */
  readonly id?: string
  /** `whsec_` and base64 of 24 to 64 bytes; one is made where it is absent. */
  readonly secret?: Redacted.Redacted
}

/** A subscription that is kept as something says, such as a configuration. */
export interface ManagedSubscription extends SubscriptionSubmission {
  /** What keeps it; there is one subscription at most that it keeps. */
  readonly managedBy: string
}

/** A subscription with the secret that was made for it; the secret is shown this once. */
export interface WithSecret {
  readonly subscription: Subscription
  /** `whsec_` and base64, as receivers' libraries take it. */
  readonly secret: Redacted.Redacted
}

/** What a receiver made of a test message. */
export interface TestAnswer {
  readonly eventId: string
  /** Whether it answered 2xx. */
  readonly delivered: boolean
  /** The HTTP status of its answer; null where there was none. */
  readonly status: number | null
  readonly durationMs: number
  /** A sentence for a person. */
  readonly detail: string
}

/** Which deliveries to list, the newest first. */
export interface DeliveryQuery extends BoundTo {
  readonly subscriptionId?: string
  readonly status?: DeliveryStatus
  /** Only deliveries older than this one. */
  readonly before?: string
  /** 100 where it is absent, 10,000 at most. */
  readonly limit?: number
}

/** What to send again: one delivery, or all dead ones of a subscription. */
export type Redelivery = { readonly deliveryId: string } | { readonly subscriptionId: string }

/** Keeps the subscriptions of other systems, and shows what was sent to them. */
export class Webhooks extends Context.Service<
  Webhooks,
  {
    /** Durable when it returns. It is told of what the ledger records from now on. */
    readonly add: (
      submission: SubscriptionSubmission
    ) => Effect.Effect<WithSecret, RequestInvalid | ReceiverRefused | WebhooksUnavailable>
    /**
     * The subscription that something keeps: made where there is none, changed where it is another,
     * left alone where it is as the draft says. A name that cannot be resolved just now is no reason to
     * refuse it. The secret is given where it is new.
     */
    readonly ensure: (
      submission: ManagedSubscription
    ) => Effect.Effect<
      { readonly subscription: Subscription; readonly secret?: Redacted.Redacted },
      RequestInvalid | ReceiverRefused | WebhooksUnavailable
    >
    /** The oldest first. */
    readonly list: (
      bound: BoundTo
    ) => Effect.Effect<ReadonlyArray<Subscription>, WebhooksUnavailable>
    readonly get: (
      id: string,
      bound?: BoundTo
    ) => Effect.Effect<Subscription, SubscriptionNotFound | WebhooksUnavailable>
    /**
     * Changes the parts of a `SubscriptionChange` that are present. One that is enabled again is told of
     * what the ledger records from then on; what was pending when it was disabled goes on.
     */
    readonly update: (
      id: string,
      change: unknown,
      bound?: BoundTo
    ) => Effect.Effect<
      Subscription,
      SubscriptionNotFound | RequestInvalid | ReceiverRefused | WebhooksUnavailable
    >
    /** Removes it with its deliveries: nothing more is sent. The ledger keeps what was told to it. */
    readonly remove: (
      id: string,
      bound?: BoundTo
    ) => Effect.Effect<Subscription, SubscriptionNotFound | WebhooksUnavailable>
    /**
     * Makes a new secret. Messages are signed with the older ones too, until each retires:
     * `retireAfterMs` from now, a day where it is absent, at once where it is 0.
     */
    readonly rotateSecret: (
      id: string,
      options?: BoundTo & { readonly retireAfterMs?: number }
    ) => Effect.Effect<WithSecret, SubscriptionNotFound | RequestInvalid | WebhooksUnavailable>
    /** Sends a `webhook.test` event now, once, to an enabled subscription or a disabled one. */
    readonly test: (
      id: string,
      options: BoundTo & { readonly requestedBy: string }
    ) => Effect.Effect<TestAnswer, SubscriptionNotFound | WebhooksUnavailable>
    readonly deliveries: (
      query: DeliveryQuery
    ) => Effect.Effect<ReadonlyArray<WebhookDelivery>, SubscriptionNotFound | WebhooksUnavailable>
    /** One delivery, with every attempt in order. */
    readonly delivery: (
      deliveryId: string,
      bound?: BoundTo
    ) => Effect.Effect<
      { readonly delivery: WebhookDelivery; readonly attempts: ReadonlyArray<DeliveryAttempt> },
      DeliveryNotFound | WebhooksUnavailable
    >
    /**
     * Sends again what is dead, or one message that was delivered, under the same event ids. Answers
     * how many are to be sent.
     */
    readonly redeliver: (
      what: Redelivery,
      bound?: BoundTo
    ) => Effect.Effect<
      number,
      DeliveryNotFound | SubscriptionNotFound | DeliveryNotRepeatable | WebhooksUnavailable
    >
  }
>()("@campaignctl/webhooks/Webhooks") {}
