import type { JsonObject } from "../Json.ts"
import type { Campaign } from "../world/Campaign.ts"
import type { CampaignStatus } from "../world/CampaignStatus.ts"
import type { Queue } from "../world/Queue.ts"
import type { World } from "../world/World.ts"

export interface NewCampaign {
  readonly id?: string
  readonly name: string
  readonly status?: CampaignStatus
  readonly dialingMode?: string
  readonly queue?: Queue
  readonly divisionId: string
  readonly callableTimeSet?: { readonly id: string; readonly name: string }
  readonly contacts?: number
  readonly called?: number
  readonly extra?: JsonObject
}

/** Length of the list of a campaign of which nothing is said. */
const DEFAULT_CONTACTS = 10_000
/** Days before the world's start on which seeded campaigns were made. */
const AGE_MILLISECONDS = 30 * 24 * 3_600_000

const reference = (path: string, id: string, name: string): JsonObject => ({
  id,
  name,
  selfUri: `/api/v2/${path}/${id}`
})

/** Adds a campaign with the fields that a real one carries. */
export const addCampaign = (world: World, plan: NewCampaign): Campaign => {
  const random = world.random.fork(`campaign:${world.campaigns.size}:${plan.name}`)
  const id = plan.id ?? random.guid()
  const version = random.whole(3, 40)
  const status = plan.status ?? "off"
  const created = new Date(world.createdAt - AGE_MILLISECONDS).toISOString()
  const division = world.divisions.get(plan.divisionId)
  const document: JsonObject = {
    id,
    name: plan.name,
    dateCreated: created,
    dateModified: new Date(world.now).toISOString(),
    version,
    contactList: reference("outbound/contactlists", random.guid(), `${plan.name} list`),
    ...(plan.queue === undefined
      ? {}
      : { queue: reference("routing/queues", plan.queue.id, plan.queue.name) }),
    dialingMode: plan.dialingMode ?? "power",
    script: reference("scripts", random.guid(), "Standard outbound script"),
    site: reference("telephony/providers/edges/sites", random.guid(), "Cloud site"),
    campaignStatus: status,
    phoneColumns: [{ columnName: "phone", type: "mobile" }],
    abandonRate: 3.0,
    dncLists: [reference("outbound/dnclists", random.guid(), "Company-wide DNC")],
    ...(plan.callableTimeSet === undefined
      ? {}
      : {
          callableTimeSet: reference(
            "outbound/callabletimesets",
            plan.callableTimeSet.id,
            plan.callableTimeSet.name
          )
        }),
    callAnalysisResponseSet: reference(
      "outbound/callanalysisresponsesets",
      random.guid(),
      "Default"
    ),
    callerName: "Example Ltd",
    callerAddress: "+442071838750",
    ruleSets: [],
    skipPreviewDisabled: true,
    previewTimeOutSeconds: 0,
    alwaysRunning: false,
    contactSorts: [],
    noAnswerTimeout: 30,
    priority: 5,
    contactListFilters: [],
    division: reference("authorization/divisions", plan.divisionId, division?.name ?? ""),
    ...plan.extra,
    selfUri: `/api/v2/outbound/campaigns/${id}`
  }
  const campaign: Campaign = {
    id,
    document,
    status,
    version,
    disposition: undefined,
    random: random.fork("life"),
    calls: [],
    contacts: {
      total: plan.contacts ?? DEFAULT_CONTACTS,
      called: plan.called ?? 0,
      attempts: 0,
      connects: 0
    }
  }
  world.add(campaign)
  return campaign
}
