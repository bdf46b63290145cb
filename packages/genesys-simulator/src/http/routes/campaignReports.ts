import type { JsonObject } from "../../Json.ts"
import type { Campaign } from "../../world/Campaign.ts"
import {
  campaignDiagnostics,
  campaignProgress,
  campaignStats
} from "../../world/CampaignReports.ts"
import type { World } from "../../world/World.ts"
import { json, refuse } from "../ApiAnswer.ts"
import { campaignOf, originOf, readJson } from "../Route.ts"
import type { Route } from "../Route.ts"

const VIEW = { anyOf: ["outbound:campaign:view"] }
const RECYCLE = { anyOf: ["outbound:campaign:edit", "outbound:campaign:recycle"] }
const READ_SCOPE = "outbound:campaign:read"
const CAMPAIGN = "/api/v2/outbound/campaigns/:id"

const report = (path: string, make: (world: World, campaign: Campaign) => JsonObject): Route => ({
  method: "GET",
  path: `${CAMPAIGN}/${path}`,
  access: VIEW,
  scope: READ_SCOPE,
  handle: (state, request) =>
    json(make(state.world, campaignOf(state, request, VIEW, "campaign.not.found")))
})

/** Begins the list again. The platform says that it will happen "momentarily"; here it has happened. */
const recycle: Route = {
  method: "DELETE",
  path: `${CAMPAIGN}/progress`,
  access: RECYCLE,
  scope: "outbound:campaign:write",
  handle: (state, request) => {
    const campaign = campaignOf(state, request, RECYCLE, "campaign.not.found")
    campaign.contacts.called = 0
    state.world.change(campaign, { bumpVersion: false }, originOf(request, "platform", "recycle"))
    state.world.note(campaign, "INFO", "RECYCLE_CAMPAIGN", "The campaign was recycled.")
    return { status: 202 }
  }
}

const progressOfMany: Route = {
  method: "POST",
  path: "/api/v2/outbound/campaigns/progress",
  access: VIEW,
  scope: READ_SCOPE,
  handle: (state, request) => {
    const ids = readJson(request)
    if (!Array.isArray(ids))
      throw refuse("bad.request", "The request body must be a list of campaign ids.")
    const found = ids.flatMap((id) => state.world.campaigns.get(String(id)) ?? [])
    return json(found.map(campaignProgress))
  }
}

export const campaignReportRoutes: ReadonlyArray<Route> = [
  report("stats", campaignStats),
  report("progress", (_, campaign) => campaignProgress(campaign)),
  report("diagnostics", campaignDiagnostics),
  recycle,
  progressOfMany
]
