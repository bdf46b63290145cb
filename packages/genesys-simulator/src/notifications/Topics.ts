import type { JsonObject } from "../Json.ts"

/** One kind of thing that a channel can be told of. */
export interface Topic {
  /** As the platform lists it, with `{id}` for the campaign. */
  readonly id: string
  /** What stands after the campaign's id. */
  readonly suffix: "" | ".progress" | ".stats"
  readonly description: string
  /** JSON schema of the event's body, by the name of the platform's model. */
  readonly schema: JsonObject
}

const PREFIX = "v2.outbound.campaigns."
const string = { type: "string" }
const integer = { type: "integer" }
const reference: JsonObject = { type: "object", properties: { id: string, name: string } }

/** The topics that are simulated: those of a voice campaign. Names and models as the platform lists them. */
export const TOPICS: ReadonlyArray<Topic> = [
  {
    id: `${PREFIX}{id}`,
    suffix: "",
    description: "Changes of a campaign's configuration and status",
    schema: {
      id: "DialerCampaignConfigChangeCampaign",
      type: "object",
      properties: {
        id: string,
        name: string,
        version: integer,
        dateCreated: string,
        dateModified: string,
        // As the platform's own model says it: without the statuses that it forces.
        campaignStatus: { type: "string", enum: ["on", "off", "complete", "stopping", "invalid"] },
        contactList: reference,
        queue: reference,
        division: reference,
        errors: { type: "array", items: { type: "object" } }
      }
    }
  },
  {
    id: `${PREFIX}{id}.progress`,
    suffix: ".progress",
    description: "How far a campaign is down its list",
    schema: {
      id: "DialerCampaignProgressEventCampaignProgress",
      type: "object",
      properties: {
        campaign: reference,
        numberOfContactsCalled: integer,
        numberOfContactsMessaged: integer,
        totalNumberOfContacts: integer,
        percentage: integer
      }
    }
  },
  {
    id: `${PREFIX}{id}.stats`,
    suffix: ".stats",
    description: "Live figures of a running campaign",
    schema: { id: "StatEventCampaignTopicStatsNotification", type: "object" }
  }
]

/** The id of a campaign: GUIDs, and whatever else has neither a dot nor a blank in it. */
const CAMPAIGN_TOPIC = /^v2\.outbound\.campaigns\.([^.\s{}]+)(\.progress|\.stats|)$/

export interface NamedTopic {
  readonly campaignId: string
  readonly topic: Topic
}

/** What a topic's name stands for; `undefined` when it is no topic. */
export const readTopic = (name: string): NamedTopic | undefined => {
  const [, campaignId, suffix] = CAMPAIGN_TOPIC.exec(name) ?? []
  const topic = TOPICS.find((candidate) => candidate.suffix === suffix)
  return campaignId === undefined || topic === undefined ? undefined : { campaignId, topic }
}

export const topicName = (campaignId: string, suffix: Topic["suffix"]): string =>
  `${PREFIX}${campaignId}${suffix}`
