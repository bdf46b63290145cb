/**
 * Behaviour of the platform that its documentation does not state. Each switch offers what it might
 * do, so that a client can be tried against every possibility. The defaults are the demanding choice.
 */
export interface UnknownFacts {
  /** POST start on a campaign that is on: 204 without effect, or 409 request.conflict. */
  readonly startWhileOn: "accepted" | "refused"
  /** POST stop on a campaign that is off, stopping or forced_*: 204 without effect, or 409 request.conflict. */
  readonly stopWhileOff: "accepted" | "refused"
  /** POST stop on a complete campaign: 204 without effect, or 409 request.conflict. */
  readonly stopWhileComplete: "accepted" | "refused"
  /** Whether POST start and POST stop raise `version`. */
  readonly startStopBumpsVersion: boolean
  /** Whether the dialer's own change (stopping to off, on to complete) raises `version`. */
  readonly drainEndBumpsVersion: boolean
  /** Whether a move to another division raises `version`. */
  readonly divisionMoveBumpsVersion: boolean
  /** What GET stats holds while the campaign is not active. */
  readonly statsWhileOff: "empty" | "filled"
  /** PUT off on an invalid campaign. */
  readonly invalidToOff: "allowed" | "refused"
  /** PUT on, or POST start, while the campaign is still draining. */
  readonly stoppingToOn: "allowed" | "refused"
  /** PUT on, or POST start, after the platform forced the campaign off. */
  readonly forcedOffToOn: "allowed" | "refused"
  /** ETag contract: PATCH active on a completed campaign, when the body does not say `restart: true`. */
  readonly etagCompletedToActive: "allowed" | "refused"
  /** ETag contract: what `queue` holds in the realtime answer. */
  readonly realtimeQueueKey: "id" | "name"
  /** `forced_off` and `forced_stopping` in campaign events, whose documented enum lacks them: as they are, or as off and stopping. */
  readonly forcedStatusInEvents: "shown" | "documented"
  /** Whether another token of the same client may use a channel, which then also outlives its token. */
  readonly channelBelongsTo: "token" | "client"
  /** A channel that is not there: 404 not.found, or 400 notification.unable.to.get.channel.id. */
  readonly missingChannel: "notFound" | "badRequest"
  /** The WebSocket of a channel that is not there: refused with 404, or opened, told `{"result": "404"}` and closed. */
  readonly missingChannelSocket: "refused" | "closed"
  /** A topic of a campaign that is not there: 400 notification.invalid.topic, or accepted. */
  readonly missingCampaignTopic: "accepted" | "refused"
  /** A name that is no topic, under `ignoreErrors`: still 400, or listed as Rejected. */
  readonly ignoreErrorsInvalidTopic: "refused" | "listed"
  /** Whether POST of subscriptions makes the channel live longer, as PUT does. */
  readonly postExtendsChannel: boolean
  /** A second WebSocket on a channel: closes the first, or is refused with 409. */
  readonly secondSocket: "replaces" | "refused"
}

export const DEFAULT_UNKNOWN_FACTS: UnknownFacts = {
  startWhileOn: "accepted",
  stopWhileOff: "accepted",
  stopWhileComplete: "refused",
  startStopBumpsVersion: true,
  drainEndBumpsVersion: true,
  divisionMoveBumpsVersion: true,
  statsWhileOff: "empty",
  invalidToOff: "allowed",
  stoppingToOn: "allowed",
  forcedOffToOn: "allowed",
  etagCompletedToActive: "refused",
  realtimeQueueKey: "id",
  forcedStatusInEvents: "shown",
  channelBelongsTo: "token",
  missingChannel: "notFound",
  missingChannelSocket: "refused",
  missingCampaignTopic: "accepted",
  ignoreErrorsInvalidTopic: "refused",
  postExtendsChannel: false,
  secondSocket: "replaces"
}

/** The values that each switch may take; what the control interface and the program check against. */
export const UNKNOWN_FACT_VALUES: {
  readonly [K in keyof UnknownFacts]: ReadonlyArray<UnknownFacts[K]>
} = {
  startWhileOn: ["accepted", "refused"],
  stopWhileOff: ["accepted", "refused"],
  stopWhileComplete: ["accepted", "refused"],
  startStopBumpsVersion: [true, false],
  drainEndBumpsVersion: [true, false],
  divisionMoveBumpsVersion: [true, false],
  statsWhileOff: ["empty", "filled"],
  invalidToOff: ["allowed", "refused"],
  stoppingToOn: ["allowed", "refused"],
  forcedOffToOn: ["allowed", "refused"],
  etagCompletedToActive: ["allowed", "refused"],
  realtimeQueueKey: ["id", "name"],
  forcedStatusInEvents: ["shown", "documented"],
  channelBelongsTo: ["token", "client"],
  missingChannel: ["notFound", "badRequest"],
  missingChannelSocket: ["refused", "closed"],
  missingCampaignTopic: ["accepted", "refused"],
  ignoreErrorsInvalidTopic: ["refused", "listed"],
  postExtendsChannel: [false, true],
  secondSocket: ["replaces", "refused"]
}
