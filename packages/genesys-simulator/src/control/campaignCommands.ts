import type { SimulatorState } from "../SimulatorState.ts"
import type { JsonObject } from "../Json.ts"
import { addCampaign } from "../seed/addCampaign.ts"
import { dropCalls, placeCall } from "../world/Calls.ts"
import type { Campaign } from "../world/Campaign.ts"
import { CAMPAIGN_STATUSES, isActive } from "../world/CampaignStatus.ts"
import type { CampaignStatus } from "../world/CampaignStatus.ts"
import { startCampaign, stopCampaign } from "../world/PlatformEdits.ts"
import { Refusal } from "../world/Refusal.ts"
import type { WriteOrigin } from "../world/WriteLog.ts"
import { ControlError } from "./ControlError.ts"
import { Fields } from "./Fields.ts"
import { viewCampaign } from "./views.ts"
import type { CampaignView } from "./views.ts"

const ORIGIN: WriteOrigin = { contract: "none", by: "control", via: "control" }
const LONGEST_CALL_SECONDS = 3600

export const findCampaign = (state: SimulatorState, id: string): Campaign => {
  const campaign = state.world.campaigns.get(id)
  if (campaign === undefined) throw new ControlError(`No campaign ${id}.`, 404)
  return campaign
}

const checkLimit = (
  state: SimulatorState,
  from: CampaignStatus | undefined,
  to: CampaignStatus | undefined
): void => {
  if (to === undefined || !isActive(to) || (from !== undefined && isActive(from))) return
  const { activeLimit } = state.world
  if (state.world.activeCount() < activeLimit) return
  throw new ControlError(
    `${activeLimit} campaigns are active already; the platform never has more.`
  )
}

/** Presses the button of the user interface, with its limits. */
const turn = (state: SimulatorState, campaign: Campaign, direction: "on" | "off"): void => {
  try {
    ;(direction === "on" ? startCampaign : stopCampaign)(state.world, campaign, ORIGIN)
  } catch (error) {
    if (error instanceof Refusal) throw new ControlError(error.message, 409)
    throw error
  }
}

const changedDocument = (
  campaign: Campaign,
  fields: JsonObject | undefined,
  errors: unknown
): JsonObject | undefined => {
  if (fields === undefined && errors === undefined) return undefined
  const document: Record<string, JsonObject[string]> = { ...campaign.document, ...fields }
  if (Array.isArray(errors)) document["errors"] = errors
  if (errors === null) delete document["errors"]
  return document
}

/** Changes a campaign as another writer would, or sets what no writer can. */
export const changeCampaign = (state: SimulatorState, id: string, body: unknown): CampaignView => {
  const campaign = findCampaign(state, id)
  const fields = new Fields(body)
  const direction = fields.oneOf("turn", ["on", "off"] as const)
  const status = fields.oneOf("status", CAMPAIGN_STATUSES)
  const disposition = fields.oneOf("disposition", ["completed", "archived", null] as const)
  const document = changedDocument(campaign, fields.object("fields"), fields.value("errors"))
  const calls = fields.number("outstandingCalls", 0)
  const seconds = fields.number("callSeconds", 0)
  const remaining = fields.number("contactsRemaining", 0)
  fields.end()
  if (direction !== undefined && status !== undefined)
    throw new ControlError(`"turn" and "status" exclude each other.`)
  checkLimit(state, campaign.status, status)
  if (direction !== undefined) turn(state, campaign, direction)
  if (status !== undefined || document !== undefined || disposition !== undefined) {
    state.world.change(
      campaign,
      {
        ...(status === undefined ? {} : { status }),
        ...(document === undefined ? {} : { document }),
        ...(disposition === undefined ? {} : { disposition })
      },
      ORIGIN
    )
  }
  if (calls !== undefined) setCalls(state, campaign, calls, seconds)
  if (remaining !== undefined) {
    campaign.contacts = { ...campaign.contacts, total: campaign.contacts.called + remaining }
  }
  return viewCampaign(campaign)
}

/** Gives the campaign exactly so many outstanding calls, all of the same length when one is given. */
const setCalls = (
  state: SimulatorState,
  campaign: Campaign,
  count: number,
  seconds: number | undefined
): void => {
  const { world } = state
  dropCalls(campaign)
  const length = seconds === undefined ? undefined : Math.min(seconds, LONGEST_CALL_SECONDS) * 1000
  campaign.calls = Array.from({ length: Math.floor(count) }, () =>
    length === undefined
      ? placeCall(campaign.random, world.callTiming, world.now)
      : { answeredAt: undefined, endsAt: world.now + length, answered: true, agentOf: undefined }
  )
}

/** Adds a campaign to the organisation. */
export const createCampaign = (state: SimulatorState, body: unknown): CampaignView => {
  const fields = new Fields(body)
  const name = fields.requiredString("name")
  const id = fields.string("id")
  const status = fields.oneOf("status", CAMPAIGN_STATUSES)
  const dialingMode = fields.string("dialingMode")
  const queueId = fields.string("queueId")
  const divisionId = fields.string("divisionId")
  const contacts = fields.number("contacts", 0)
  const extra = fields.object("fields")
  fields.end()
  const { world } = state
  checkLimit(state, undefined, status)
  if (id !== undefined && world.campaigns.has(id))
    throw new ControlError(`There is a campaign ${id} already.`, 409)
  const queue = queueId === undefined ? undefined : world.queues.get(queueId)
  if (queueId !== undefined && queue === undefined)
    throw new ControlError(`No queue ${queueId}.`, 404)
  const home = [...world.divisions.values()].find((division) => division.home)?.id ?? ""
  const campaign = addCampaign(world, {
    name,
    divisionId: divisionId ?? home,
    ...(id === undefined ? {} : { id }),
    ...(status === undefined ? {} : { status }),
    ...(dialingMode === undefined ? {} : { dialingMode }),
    ...(queue === undefined ? {} : { queue }),
    ...(contacts === undefined ? {} : { contacts }),
    ...(extra === undefined ? {} : { extra })
  })
  return viewCampaign(campaign)
}
