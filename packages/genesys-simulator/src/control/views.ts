import type { SimulatorState } from "../SimulatorState.ts"
import { campaignState, etagOf } from "../world/EtagEdits.ts"
import { renderCampaign } from "../world/Campaign.ts"
import type { Campaign } from "../world/Campaign.ts"
import type { CampaignStatus } from "../world/CampaignStatus.ts"
import { isActive } from "../world/CampaignStatus.ts"
import type { Fault } from "../http/Faults.ts"
import type { FaultRequest } from "../http/Faults.ts"
import { idleAgents, members, onQueueAgents } from "../world/Queue.ts"
import type { Queue } from "../world/Queue.ts"
import type { Division } from "../world/Division.ts"
import type { UnknownFacts } from "../world/UnknownFacts.ts"
import { campaignName } from "../world/Campaign.ts"
import type { JsonObject } from "../Json.ts"

/** A campaign as the control interface shows it: what no client of the API can see as well. */
export interface CampaignView {
  readonly id: string
  readonly name: string
  readonly status: CampaignStatus
  readonly version: number
  readonly campaignstate: string
  readonly etag: string
  readonly active: boolean
  readonly outstandingCalls: number
  readonly contactsCalled: number
  readonly contactsTotal: number
  /** The body that GET answers under the platform contract. */
  readonly document: JsonObject
}

export interface QueueView {
  readonly id: string
  readonly name: string
  readonly divisionId: string
  readonly idle: number
  readonly interacting: number
  readonly onQueue: number
  readonly members: number
  readonly held: boolean
}

export interface FaultView {
  readonly id: string
  readonly request: FaultRequest
  /** Null when it strikes always. */
  readonly remaining: number | null
  readonly struck: number
}

export interface StateView {
  readonly time: string
  readonly serverTime: string
  readonly activeCampaigns: number
  readonly tokens: number
  readonly ratePerMinute: number | null
  readonly permissions: ReadonlyArray<string>
  readonly permittedDivisions: ReadonlyArray<string> | "all"
  readonly unknownFacts: UnknownFacts
  readonly divisions: ReadonlyArray<Division>
  readonly queues: ReadonlyArray<QueueView>
  readonly campaigns: ReadonlyArray<CampaignView>
  readonly faults: ReadonlyArray<FaultView>
  readonly webhooks: ReadonlyArray<JsonObject>
}

export const viewCampaign = (campaign: Campaign): CampaignView => ({
  id: campaign.id,
  name: campaignName(campaign),
  status: campaign.status,
  version: campaign.version,
  campaignstate: campaignState(campaign),
  etag: etagOf(campaign),
  active: isActive(campaign.status),
  outstandingCalls: campaign.calls.length,
  contactsCalled: campaign.contacts.called,
  contactsTotal: campaign.contacts.total,
  document: renderCampaign(campaign)
})

export const viewQueue = (queue: Queue): QueueView => ({
  id: queue.id,
  name: queue.name,
  divisionId: queue.divisionId,
  idle: idleAgents(queue),
  interacting: queue.interacting,
  onQueue: onQueueAgents(queue),
  members: members(queue),
  held: queue.held
})

export const viewFault = (fault: Fault): FaultView => ({
  id: fault.id,
  request: fault.request,
  remaining: Number.isFinite(fault.remaining) ? fault.remaining : null,
  struck: fault.struck
})

export const viewState = (state: SimulatorState): StateView => ({
  time: new Date(state.world.now).toISOString(),
  serverTime: new Date(state.serverTime()).toISOString(),
  activeCampaigns: state.world.activeCount(),
  tokens: state.tokens.size,
  ratePerMinute: state.rate.allowed ?? null,
  permissions: [...state.permissions.granted],
  permittedDivisions:
    state.permissions.divisions === undefined ? "all" : [...state.permissions.divisions],
  unknownFacts: state.world.facts,
  divisions: [...state.world.divisions.values()],
  queues: [...state.world.queues.values()].map(viewQueue),
  campaigns: [...state.world.campaigns.values()].map(viewCampaign),
  faults: state.faults.waiting().map(viewFault),
  webhooks: [...state.webhooks.values()]
})
