import {
  AuditOutcome,
  AuditSource,
  CampaignState,
  FleetFinished,
  GuardName,
  HoldScope,
  PauseReason,
  TargetState
} from "@campaignctl/core"
import { Schema } from "effect"
import { TEST_EVENT_TYPE } from "../domain/EventType.ts"

/** The `source` of every event; together with its id it names an event once and for all. */
export const EVENT_SOURCE = "urn:campaignctl:ledger"

/** Whose doing it was, and where the ledger tells of it. */
const recorded = {
  requestedBy: Schema.String,
  /** What the request came through; `watch` where it was only seen. */
  source: AuditSource,
  /** Of the trace of the request; null where there was none. */
  traceId: Schema.NullOr(Schema.String),
  ledger: Schema.Struct({ entryId: Schema.String, sequence: Schema.Int })
}

const aboutCampaign = {
  campaign: Schema.Struct({
    id: Schema.String,
    name: Schema.String,
    divisionId: Schema.NullOr(Schema.String)
  }),
  /** Null where it was not known. */
  previousState: Schema.NullOr(CampaignState),
  /** The lock tokens before and after; null where they were not seen. */
  lock: Schema.Struct({
    before: Schema.NullOr(Schema.String),
    after: Schema.NullOr(Schema.String)
  }),
  ...recorded
}

/** What was asked for; null where nobody asked. */
const asked = {
  target: Schema.NullOr(TargetState),
  pauseReason: Schema.NullOr(PauseReason)
}

/** `campaign.state.changed` */
const StateChanged = Schema.Struct({
  ...aboutCampaign,
  ...asked,
  state: CampaignState,
  /** `applied` or `recovered` for a change of ours; null for one that was only seen. */
  outcome: Schema.NullOr(AuditOutcome),
  /** True where a change that came after it was told first, so that the campaign is not in this state any more. */
  overtaken: Schema.optionalKey(Schema.Literal(true))
})
/** `campaign.transition.rejected` */
const TransitionRefused = Schema.Struct({
  ...aboutCampaign,
  ...asked,
  /** The state that it stays in. */
  state: Schema.NullOr(CampaignState),
  /** Every guard that refused, and why. */
  violations: Schema.Array(Schema.Struct({ guard: GuardName, detail: Schema.String })),
  errorCode: Schema.NullOr(Schema.String)
})
/** `campaign.drift.detected`, `campaign.drained` */
const CampaignSighted = Schema.Struct({ ...aboutCampaign, state: CampaignState })
/** `fleet.finished` */
const FleetOver = Schema.Struct({ ...FleetFinished.fields, ...recorded })
/** `halt.raised` */
const HaltRaised = Schema.Struct({
  /** By which it is lifted. */
  name: Schema.String,
  /** The campaigns that it holds; without any part, all of them. */
  scope: HoldScope,
  pauseReason: Schema.NullOr(PauseReason),
  ...recorded
})
/** `halt.lifted` */
const HaltLifted = Schema.Struct({ name: Schema.String, scope: HoldScope, ...recorded })
/** `webhook.test` */
const TestData = Schema.Struct({
  subscriptionId: Schema.String,
  requestedBy: Schema.String
})

/** An event in the structured JSON form of CloudEvents 1.0. */
const cloudEvent = <T extends string, D extends Schema.Top>(type: T, data: D) =>
  Schema.Struct({
    specversion: Schema.Literal("1.0"),
    /** The same in every attempt and every redelivery: what a receiver has seen already it may drop. */
    id: Schema.NonEmptyString,
    source: Schema.Literal(EVENT_SOURCE),
    type: Schema.Literal(type),
    /** The campaign's id; of a fleet its operation's, of a halt its name, of a test its subscription's. */
    subject: Schema.NonEmptyString,
    /** When the ledger recorded it. ISO 8601 in UTC, milliseconds. */
    time: Schema.String,
    datacontenttype: Schema.Literal("application/json"),
    /** Sorts as text in the order in which things happened. Source: the CloudEvents extension "Sequence". */
    sequence: Schema.NonEmptyString,
    data
  })

/** Every event that is sent. */
export const WebhookEvent = Schema.Union([
  cloudEvent("campaign.state.changed", StateChanged),
  cloudEvent("campaign.transition.rejected", TransitionRefused),
  cloudEvent("campaign.drift.detected", CampaignSighted),
  cloudEvent("campaign.drained", CampaignSighted),
  cloudEvent("fleet.finished", FleetOver),
  cloudEvent("halt.raised", HaltRaised),
  cloudEvent("halt.lifted", HaltLifted),
  cloudEvent(TEST_EVENT_TYPE, TestData)
])
export type WebhookEvent = typeof WebhookEvent.Type

/** The JSON Schema of the events, draft 2020-12, for receivers that check what they get. */
export const eventJsonSchema = (): Readonly<Record<string, unknown>> => {
  const { definitions, schema } = Schema.toJsonSchemaDocument(WebhookEvent)
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "What campaignctl tells other systems",
    ...schema,
    ...(Object.keys(definitions).length === 0 ? {} : { $defs: definitions })
  }
}
