import { campaignProgress } from "../world/CampaignReports.ts"
import type { Campaign } from "../world/Campaign.ts"
import { isJsonObject, stringField } from "../Json.ts"
import type { JsonObject, JsonValue } from "../Json.ts"
import type { CampaignStatus } from "../world/CampaignStatus.ts"
import type { UnknownFacts } from "../world/UnknownFacts.ts"
import { topicName } from "./Topics.ts"

/** What a frame is for; by these the frames are counted. */
export type FrameKind = "events" | "progress" | "heartbeats" | "pongs" | "closings"

/** One text message of a WebSocket. */
export interface Frame {
  readonly kind: FrameKind
  readonly text: string
}

/** The version that the platform's event frames carry. */
const FRAME_VERSION = "2"
const METADATA_TOPIC = "channel.metadata"
const CLOSING_TOPIC = "v2.system.socket_closing"

const REFERENCES = [
  "contactList",
  "queue",
  "script",
  "edgeGroup",
  "site",
  "callableTimeSet",
  "callAnalysisResponseSet",
  "division"
] as const
const REFERENCE_LISTS = ["dncLists", "ruleSets", "contactListFilters"] as const
/** The other fields of the platform's model of this event; what is not in it travels in no event. */
const FIELDS = [
  "id",
  "name",
  "dateCreated",
  "dateModified",
  "dialingMode",
  "phoneColumns",
  "abandonRate",
  "callerName",
  "callerAddress",
  "outboundLineCount",
  "errors",
  "skipPreviewDisabled",
  "previewTimeOutSeconds",
  "contactSorts",
  "noAnswerTimeout",
  "priority"
] as const

/** What the event's documented enum has in the place of the statuses that it lacks. */
const DOCUMENTED: Partial<Record<CampaignStatus, CampaignStatus>> = {
  forced_off: "off",
  forced_stopping: "stopping"
}

/** References of an event carry an id and a name and no address. */
const bare = (value: JsonValue | undefined): JsonValue | undefined =>
  isJsonObject(value)
    ? { id: stringField(value, "id") ?? "", name: stringField(value, "name") ?? "" }
    : value

const bareList = (value: JsonValue | undefined): JsonValue | undefined =>
  Array.isArray(value) ? value.map((item: JsonValue) => bare(item) ?? null) : value

const statusInEvent = (status: CampaignStatus, facts: UnknownFacts): CampaignStatus =>
  facts.forcedStatusInEvents === "shown" ? status : (DOCUMENTED[status] ?? status)

/** A campaign as its event shows it: much of what GET answers, and less. */
const campaignEvent = (campaign: Campaign, facts: UnknownFacts): JsonObject => {
  const { document } = campaign
  const entries: ReadonlyArray<readonly [string, JsonValue | undefined]> = [
    ...FIELDS.map((key) => [key, document[key]] as const),
    ...REFERENCES.map((key) => [key, bare(document[key])] as const),
    ...REFERENCE_LISTS.map((key) => [key, bareList(document[key])] as const)
  ]
  const known: Record<string, JsonValue> = {}
  for (const [key, value] of entries) if (value !== undefined) known[key] = value
  return {
    ...known,
    version: campaign.version,
    campaignStatus: statusInEvent(campaign.status, facts),
    additionalProperties: {}
  }
}

const eventFrame = (
  kind: FrameKind,
  topic: string,
  eventBody: JsonObject,
  correlationId: string
): Frame => ({
  kind,
  text: JSON.stringify({
    topicName: topic,
    version: FRAME_VERSION,
    eventBody,
    metadata: { CorrelationId: correlationId }
  })
})

export const campaignFrame = (
  campaign: Campaign,
  facts: UnknownFacts,
  correlationId: string
): Frame =>
  eventFrame("events", topicName(campaign.id, ""), campaignEvent(campaign, facts), correlationId)

export const progressFrame = (campaign: Campaign, correlationId: string): Frame => {
  const { contactList: _, ...progress } = campaignProgress(campaign)
  return eventFrame("progress", topicName(campaign.id, ".progress"), progress, correlationId)
}

export const closingFrame = (
  channelId: string,
  clientId: string,
  correlationId: string,
  seconds: number
): Frame =>
  eventFrame(
    "closings",
    CLOSING_TOPIC,
    {
      channelId,
      systemTopicType: "socket_closing",
      correlationId,
      oauthClientId: clientId,
      reason: "maintenance",
      message: `This socket will be closed in ${seconds} seconds.`,
      data: {}
    },
    correlationId
  )

const metadataFrame = (kind: FrameKind, message: string): Frame => ({
  kind,
  text: JSON.stringify({ topicName: METADATA_TOPIC, eventBody: { message } })
})

export const heartbeatFrame: Frame = metadataFrame("heartbeats", "WebSocket Heartbeat")
export const pongFrame: Frame = metadataFrame("pongs", "pong")
