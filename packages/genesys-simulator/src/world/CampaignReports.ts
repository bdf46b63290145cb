import { isJsonObject, numberField, referenceId, stringField } from "../Json.ts"
import type { JsonObject, JsonValue } from "../Json.ts"
import { campaignName } from "./Campaign.ts"
import type { Campaign } from "./Campaign.ts"
import { isActive } from "./CampaignStatus.ts"
import { idleAgents, members, onQueueAgents } from "./Queue.ts"
import type { World } from "./World.ts"

const PERCENT = 100
/** Lines of the organisation, shared by its campaigns. */
const ALL_LINES = 200

const lines = (campaign: Campaign): JsonObject => ({
  assignedOutboundLines:
    numberField(campaign.document, "outboundLineCount") ?? campaign.calls.length,
  totalAvailableOutboundLines: ALL_LINES
})

const idleOf = (world: World, campaign: Campaign): number => {
  const queue = world.queueOf(campaign)
  return queue === undefined ? 0 : idleAgents(queue)
}

/** GET stats: live figures of a running campaign. */
export const campaignStats = (world: World, campaign: Campaign): JsonObject => {
  if (!isActive(campaign.status) && world.facts.statsWhileOff === "empty") return {}
  const { attempts, connects } = campaign.contacts
  const idle = idleOf(world, campaign)
  return {
    contactRate: { attempts, connects, connectRatio: attempts === 0 ? 0 : connects / attempts },
    idleAgents: idle,
    effectiveIdleAgents: idle,
    adjustedCallsPerAgent: numberField(campaign.document, "maxCallsPerAgent") ?? 1,
    outstandingCalls: campaign.calls.length,
    scheduledCalls: 0,
    timeZoneRescheduledCalls: 0,
    filteredOutContactsCount: 0,
    rightPartyContactsCount: connects,
    validAttempts: attempts,
    linesUtilization: lines(campaign)
  }
}

const named = (value: JsonValue | undefined, fallback: JsonObject): JsonObject =>
  isJsonObject(value) ? value : fallback

/** GET progress: how far down its list the campaign is. */
export const campaignProgress = (campaign: Campaign): JsonObject => {
  const { called, total } = campaign.contacts
  return {
    campaign: {
      id: campaign.id,
      name: campaignName(campaign),
      selfUri: stringField(campaign.document, "selfUri") ?? ""
    },
    contactList: named(campaign.document["contactList"], {}),
    numberOfContactsCalled: called,
    numberOfContactsMessaged: 0,
    totalNumberOfContacts: total,
    percentage: total === 0 ? 0 : Math.floor((called / total) * PERCENT),
    numberOfContactsSkipped: {}
  }
}

const queueDiagnostic = (world: World, campaign: Campaign): JsonObject => {
  const queue = world.queueOf(campaign)
  if (queue === undefined) return {}
  const onCampaign = campaign.calls.filter((call) => call.agentOf === queue).length
  return {
    queueUtilizationDiagnostic: {
      queue: { id: queue.id, name: queue.name },
      usersInQueue: members(queue),
      activeUsersInQueue: onQueueAgents(queue),
      usersOnQueue: onQueueAgents(queue),
      usersNotUtilized: idleAgents(queue),
      usersOnQueueWithStation: onQueueAgents(queue),
      usersOnACampaignCall: onCampaign,
      usersOnDifferentEdgeGroup: 0,
      usersOnANonCampaignCall: queue.interacting - onCampaign
    }
  }
}

/** GET diagnostics: what stands in the way of calling. */
export const campaignDiagnostics = (world: World, campaign: Campaign): JsonObject => {
  const set = campaign.document["callableTimeSet"]
  return {
    callableContacts: {
      dncLists: campaign.document["dncLists"] ?? [],
      ...(referenceId(campaign.document, "callableTimeSet") === undefined
        ? {}
        : { callableTimeSet: set ?? null }),
      ruleSets: campaign.document["ruleSets"] ?? []
    },
    ...queueDiagnostic(world, campaign),
    ruleSetDiagnostics: [],
    outstandingInteractionsCount: campaign.calls.length,
    scheduledInteractionsCount: 0,
    timeZoneRescheduledCallsCount: 0,
    filteredOutContactsCount: 0,
    idleAgents: idleOf(world, campaign),
    effectiveIdleAgents: idleOf(world, campaign),
    linesUtilization: lines(campaign),
    numberOfContactsCalled: campaign.contacts.called,
    totalNumberOfContacts: campaign.contacts.total,
    campaignErrors: campaign.document["errors"] ?? []
  }
}
