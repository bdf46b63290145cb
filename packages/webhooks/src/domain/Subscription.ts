import { CampaignId } from "@campaignctl/core"
import { Schema } from "effect"
import { EventType } from "./EventType.ts"

/** How long a message is tried again unless the subscription says otherwise, in milliseconds: three days. Source: the described contract. */
export const DEFAULT_RETRY_FOR_MS = 3 * 86_400_000
/** The shortest and the longest such time, in milliseconds: a minute, which three retries fit into, and thirty days. */
const SHORTEST_RETRY_FOR_MS = 60_000
const LONGEST_RETRY_FOR_MS = 30 * 86_400_000
/** Characters of an address. Source: RFC 9110, section 4.1, asks for 8,000; a longer one is a mistake. */
const URL_LIMIT = 2_000
/** Characters of a description: a line in a list. */
const DESCRIPTION_LIMIT = 200
/** Ids in one list of a filter: a larger one is no filter. */
const LIST_LIMIT = 1_000

/** Which campaigns a subscription is about: those that fit every part that is present. */
export const EventFilter = Schema.Struct({
  divisionIds: Schema.optionalKey(
    Schema.Array(Schema.NonEmptyString).check(Schema.isMaxLength(LIST_LIMIT))
  ),
  campaignIds: Schema.optionalKey(Schema.Array(CampaignId).check(Schema.isMaxLength(LIST_LIMIT)))
})
export type EventFilter = typeof EventFilter.Type

const Url = Schema.NonEmptyString.check(Schema.isMaxLength(URL_LIMIT))
const Description = Schema.String.check(Schema.isMaxLength(DESCRIPTION_LIMIT))
const RetryFor = Schema.Int.check(
  Schema.isBetween({ minimum: SHORTEST_RETRY_FOR_MS, maximum: LONGEST_RETRY_FOR_MS })
)

/** A subscription as somebody asks for it: all events of all campaigns, unless it says otherwise. */
export const SubscriptionDraft = Schema.Struct({
  /** Where to; https, unless the allow list names the host. */
  url: Url,
  /** None: all of them. */
  eventTypes: Schema.optionalKey(Schema.Array(EventType)),
  filter: Schema.optionalKey(EventFilter),
  description: Schema.optionalKey(Description),
  /** How long a message is tried again, in milliseconds. */
  retryForMs: Schema.optionalKey(RetryFor)
})
export type SubscriptionDraft = typeof SubscriptionDraft.Type

/** What is to be different; absent parts stay as they are. */
export const SubscriptionChange = Schema.Struct({
  url: Schema.optionalKey(Url),
  eventTypes: Schema.optionalKey(Schema.Array(EventType)),
  filter: Schema.optionalKey(EventFilter),
  description: Schema.optionalKey(Description),
  retryForMs: Schema.optionalKey(RetryFor),
  /** While it is disabled nothing is sent to it and nothing is kept for it. */
  enabled: Schema.optionalKey(Schema.Boolean)
})
export type SubscriptionChange = typeof SubscriptionChange.Type

/** Why nothing is sent to a subscription any more. */
export const Disabled = Schema.Struct({
  /**
   * - `asked`: somebody did it
   * - `gone`: the receiver answered 410
   * - `failing`: every message failed for a long time
   */
  reason: Schema.Literals(["asked", "gone", "failing"]),
  /** A sentence for a person. */
  detail: Schema.String,
  /** ISO 8601 in UTC, milliseconds. */
  since: Schema.String
})
export type Disabled = typeof Disabled.Type

/** One receiver of events, without its secrets. */
export const Subscription = Schema.Struct({
  /** A UUID v7. */
  id: Schema.String,
  /** As it was asked for; its query may hold a secret of the receiver's. */
  url: Schema.String,
  /** Empty: all of them. */
  eventTypes: Schema.Array(EventType),
  filter: EventFilter,
  description: Schema.NullOr(Schema.String),
  retryForMs: Schema.Int,
  /** The secrets that messages are signed with, by what can be told of them. */
  secrets: Schema.Array(
    Schema.Struct({
      id: Schema.String,
      createdAt: Schema.String,
      /** ISO 8601; null for the newest one, which is valid until another is made. */
      retiresAt: Schema.NullOr(Schema.String)
    })
  ),
  /** Null while it is enabled. */
  disabled: Schema.NullOr(Disabled),
  /** The first failure since the last message that was delivered; null where there was none. ISO 8601. */
  failingSince: Schema.NullOr(Schema.String),
  /** The divisions that its events are bound to, because whoever added it is; null: all. */
  divisionIds: Schema.NullOr(Schema.Array(Schema.String)),
  /** What keeps it, such as `WEBHOOK_CALLBACK_URL`; null where it was added by hand. */
  managedBy: Schema.NullOr(Schema.String),
  createdBy: Schema.String,
  /** ISO 8601 in UTC, milliseconds. */
  createdAt: Schema.String
})
export type Subscription = typeof Subscription.Type
