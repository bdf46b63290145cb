import { isJsonObject, referenceId, stringField } from "../../Json.ts"
import type { JsonObject } from "../../Json.ts"
import { readTopic } from "../../notifications/Topics.ts"
import type { NamedTopic } from "../../notifications/Topics.ts"
import type { SimulatorState } from "../../SimulatorState.ts"
import { refuse } from "../ApiAnswer.ts"
import { readJson } from "../Route.ts"
import type { ApiRequest } from "../Route.ts"
import { TOPIC_PERMISSION as VIEW } from "./availableTopics.ts"

/** What was asked for under one name: a topic, or the code that it is refused with. */
export interface TopicWish {
  readonly name: string
  readonly topic: NamedTopic | undefined
  readonly code: string | undefined
}

const wishOf = (state: SimulatorState, name: string): TopicWish => {
  const topic = readTopic(name)
  const { permissions, world } = state
  if (topic === undefined) return { name, topic, code: "notification.invalid.topic" }
  const campaign = world.campaigns.get(topic.campaignId)
  if (!permissions.has(VIEW)) return { name, topic, code: "notification.unauthorized.topic" }
  if (campaign === undefined) {
    const accepted = world.facts.missingCampaignTopic === "accepted"
    return { name, topic, code: accepted ? undefined : "notification.invalid.topic" }
  }
  const permitted = permissions.inDivision(referenceId(campaign.document, "division"))
  return { name, topic, code: permitted ? undefined : "notification.unauthorized.divisioned.topic" }
}

/** The topics of a request's body, each once, and what stands in the way of each. */
export const readWishes = (
  state: SimulatorState,
  request: ApiRequest
): ReadonlyArray<TopicWish> => {
  const body = readJson(request)
  if (!Array.isArray(body))
    throw refuse("bad.request", "The request body must be a list of topics.")
  const names = body.map((item) => {
    const id = isJsonObject(item) ? stringField(item, "id") : undefined
    if (id === undefined) throw refuse("bad.request", "Every topic must be an object with an id.")
    return id
  })
  return [...new Set(names)].map((name) => wishOf(state, name))
}

export const renderTopic = ({ name, code }: TopicWish): JsonObject => ({
  id: name,
  ...(code === undefined
    ? { state: "Permitted" }
    : {
        state: "Rejected",
        rejectionReason: code,
        ...(code.startsWith("notification.unauthorized") ? { missingPermissions: [VIEW] } : {})
      }),
  selfUri: `/api/v2/notifications/availabletopics/${name}`
})
