import {
  campaignState,
  etagOf,
  patchCampaignState,
  speaksEtagContract
} from "../../world/EtagEdits.ts"
import { renderCampaign } from "../../world/Campaign.ts"
import type { Campaign } from "../../world/Campaign.ts"
import {
  patchCampaign,
  putCampaign,
  startCampaign,
  stopCampaign
} from "../../world/PlatformEdits.ts"
import type { JsonObject } from "../../Json.ts"
import { json, noContent } from "../ApiAnswer.ts"
import type { ApiAnswer } from "../ApiAnswer.ts"
import { campaignOf, originOf, readJsonObject } from "../Route.ts"
import type { ApiRequest, Route } from "../Route.ts"

const VIEW = { anyOf: ["outbound:campaign:view"] }
const EDIT = { anyOf: ["outbound:campaign:edit"] }
const START = { anyOf: ["outbound:campaign:start"] }
const STOP = { anyOf: ["outbound:campaign:stop"] }
const READ_SCOPE = "outbound:campaign:read"
const WRITE_SCOPE = "outbound:campaign:write"
const CAMPAIGN = "/api/v2/outbound/campaigns/:id"

/** `campaignstate` is shown to clients of the ETag contract alone, so that a platform client can echo what it read. */
export const campaignBody = (campaign: Campaign, etagContract: boolean): JsonObject => ({
  ...renderCampaign(campaign),
  ...(etagContract ? { campaignstate: campaignState(campaign) } : {})
})

const campaignAnswer = (campaign: Campaign, etagContract: boolean): ApiAnswer =>
  json(campaignBody(campaign, etagContract), { headers: { ETag: etagOf(campaign) } })

const byEtagClient = (request: ApiRequest): boolean => request.token?.contract === "etag"

const getCampaign: Route = {
  method: "GET",
  path: CAMPAIGN,
  access: VIEW,
  scope: READ_SCOPE,
  handle: (state, request) =>
    campaignAnswer(campaignOf(state, request, VIEW, "resource.not.found"), byEtagClient(request))
}

const putWholeCampaign: Route = {
  method: "PUT",
  path: CAMPAIGN,
  access: EDIT,
  scope: WRITE_SCOPE,
  handle: (state, request) => {
    const campaign = campaignOf(state, request, EDIT, "resource.not.found")
    putCampaign(
      state.world,
      campaign,
      readJsonObject(request),
      originOf(request, "platform", "PUT"),
      {
        decimalCallsPerAgent: request.query.get("useMaxCallsPerAgentDecimal") === "true"
      }
    )
    return campaignAnswer(campaign, byEtagClient(request))
  }
}

const patchEitherContract: Route = {
  method: "PATCH",
  path: CAMPAIGN,
  access: EDIT,
  scope: WRITE_SCOPE,
  handle: (state, request) => {
    const campaign = campaignOf(state, request, EDIT, "resource.not.found")
    const body = readJsonObject(request)
    const ifMatch = request.header("if-match")
    if (!speaksEtagContract(body, ifMatch)) {
      patchCampaign(state.world, campaign, body, originOf(request, "platform", "PATCH"))
      return noContent
    }
    patchCampaignState(state.world, campaign, body, ifMatch, originOf(request, "etag", "PATCH"))
    return campaignAnswer(campaign, true)
  }
}

const start: Route = {
  method: "POST",
  path: `${CAMPAIGN}/start`,
  access: START,
  scope: WRITE_SCOPE,
  handle: (state, request) => {
    const campaign = campaignOf(state, request, START, "campaign.not.found")
    startCampaign(state.world, campaign, originOf(request, "platform", "start"))
    return noContent
  }
}

const stop: Route = {
  method: "POST",
  path: `${CAMPAIGN}/stop`,
  access: STOP,
  scope: WRITE_SCOPE,
  handle: (state, request) => {
    const campaign = campaignOf(state, request, STOP, "campaign.not.found")
    stopCampaign(state.world, campaign, originOf(request, "platform", "stop"))
    return noContent
  }
}

export const campaignRoutes: ReadonlyArray<Route> = [
  getCampaign,
  putWholeCampaign,
  patchEitherContract,
  start,
  stop
]
