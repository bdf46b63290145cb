import { CampaignId, type CampaignSeen, LockToken } from "@campaignctl/core"
import { Option, Schema } from "effect"
import { digitsOf, fieldOf, parseJson, textOf } from "../wire/json.ts"

/** What one frame of a channel's WebSocket says. */
export type Frame =
  | { readonly _tag: "Changed"; readonly campaign: CampaignSeen }
  /** The server will close this connection soon. */
  | { readonly _tag: "Closing" }
  /** A heartbeat, the answer to a ping, or a topic that we did not ask for: a sign of life and no more. */
  | { readonly _tag: "Other" }
  | { readonly _tag: "Unreadable"; readonly why: string }

const CAMPAIGN_TOPIC = /^v2\.outbound\.campaigns\.([^.]+)$/i
const CLOSING_TOPIC = "v2.system.socket_closing"

/** The ping that Genesys answers. */
export const PING = JSON.stringify({ message: "ping" })

/** The topic that tells of a campaign's changes. */
export const topicOf = (id: CampaignId): string => `v2.outbound.campaigns.${id}`

const decodeId = Schema.decodeUnknownOption(CampaignId)
const idIn = (text: string | undefined): CampaignId | undefined =>
  Option.getOrUndefined(decodeId(text?.toLowerCase()))

/** The campaign that a topic tells of; undefined for any other topic. */
export const campaignOf = (topic: string | undefined): CampaignId | undefined =>
  idIn(topic?.match(CAMPAIGN_TOPIC)?.[1])

const unreadable = (why: string): Frame => ({ _tag: "Unreadable", why })

/**
 * Reads one frame. Id, status and version are needed of a campaign's; everything else is taken where it
 * can be read. Total: any text has a reading.
 */
export const decodeFrame = (text: string, receivedAt: number): Frame => {
  const parsed = parseJson(text)
  if (!parsed.ok) return unreadable("it is not JSON")
  const topic = textOf(parsed.value, "topicName")
  if (topic === undefined) return unreadable("it has no topicName")
  if (topic === CLOSING_TOPIC) return { _tag: "Closing" }
  if (!CAMPAIGN_TOPIC.test(topic)) return { _tag: "Other" }
  const body = fieldOf(parsed.value, "eventBody")
  const id = idIn(textOf(body, "id"))
  const status = textOf(body, "campaignStatus")
  const version = digitsOf(fieldOf(body, "version"))
  if (id === undefined) return unreadable("its campaign has no id")
  if (status === undefined) return unreadable(`campaign ${id} has no campaignStatus`)
  if (version === undefined) return unreadable(`campaign ${id} has no version`)
  const name = textOf(body, "name")
  const divisionId = textOf(fieldOf(body, "division"), "id")
  const queueId = textOf(fieldOf(body, "queue"), "id")
  return {
    _tag: "Changed",
    campaign: {
      id,
      ...(name === undefined ? {} : { name }),
      ...(divisionId === undefined ? {} : { divisionId }),
      ...(queueId === undefined ? {} : { queueId }),
      status,
      lock: LockToken.make(version),
      receivedAt
    }
  }
}
