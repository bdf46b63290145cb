import { Schema } from "effect"

/**
 * What other systems are told of.
 *
 * - `campaign.state.changed`: a campaign is in another state, whoever or whatever changed it
 * - `campaign.transition.rejected`: a change was asked for, and a guard refused it
 * - `campaign.drift.detected`: a campaign was changed elsewhere
 * - `campaign.drained`: no call of a stopped campaign runs any more
 * - `fleet.finished`: a change of many campaigns is over
 * - `halt.raised`, `halt.lifted`: a panic stop holds, and does not any more
 */
export const EventType = Schema.Literals([
  "campaign.state.changed",
  "campaign.transition.rejected",
  "campaign.drift.detected",
  "campaign.drained",
  "fleet.finished",
  "halt.raised",
  "halt.lifted"
])
export type EventType = typeof EventType.Type

/** Sent when somebody asks for a test of a subscription, and never of itself. */
export const TEST_EVENT_TYPE = "webhook.test"

/** What a message may be of. */
export const SentEventType = Schema.Literals([...EventType.literals, TEST_EVENT_TYPE])
export type SentEventType = typeof SentEventType.Type
