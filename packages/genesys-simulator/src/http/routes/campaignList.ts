import { referenceId } from "../../Json.ts"
import type { JsonObject, JsonValue } from "../../Json.ts"
import type { SimulatorState } from "../../SimulatorState.ts"
import { campaignName, renderCampaign } from "../../world/Campaign.ts"
import type { Campaign } from "../../world/Campaign.ts"
import { json, refuse } from "../ApiAnswer.ts"
import { manyOf, page } from "../Page.ts"
import type { ApiRequest, Route } from "../Route.ts"
import { textFilter } from "../TextFilter.ts"
import { campaignBody } from "./campaigns.ts"

const PATH = "/api/v2/outbound/campaigns"
/** Source: the platform's error too.many.bulk.retrieves. */
const MOST_IDS = 100

type Test = (campaign: Campaign) => boolean

const refersTo = (query: URLSearchParams, parameter: string, field: string): Test => {
  const ids = new Set(manyOf(query, parameter))
  return (campaign) => ids.size === 0 || ids.has(referenceId(campaign.document, field) ?? "")
}

const hasId = (query: URLSearchParams): Test => {
  const ids = new Set(manyOf(query, "id"))
  if (ids.size > MOST_IDS) throw refuse("too.many.bulk.retrieves")
  return (campaign) => ids.size === 0 || ids.has(campaign.id)
}

/** Every filter of the list; all must hold. There is none by status, as on the platform. */
const tests = (state: SimulatorState, query: URLSearchParams): ReadonlyArray<Test> => {
  const named = textFilter(query.get("filterType"), query.get("name"))
  return [
    (campaign) => state.permissions.inDivision(referenceId(campaign.document, "division")),
    (campaign) => named(campaignName(campaign)),
    hasId(query),
    refersTo(query, "divisionId", "division"),
    refersTo(query, "distributionQueueId", "queue"),
    refersTo(query, "contactListId", "contactList"),
    refersTo(query, "edgeGroupId", "edgeGroup"),
    refersTo(query, "callAnalysisResponseSetId", "callAnalysisResponseSet")
  ]
}

const sortText = (value: JsonValue | undefined): string =>
  typeof value === "string" ? value : JSON.stringify(value ?? "")

const byField = (query: URLSearchParams): ((left: JsonObject, right: JsonObject) => number) => {
  const field = query.get("sortBy") ?? "name"
  const order = (query.get("sortOrder") ?? "a").toLowerCase()
  if (!/^(a|ascending|d|descending)$/.test(order)) {
    throw refuse("invalid.query.param.value", "sortOrder must be ascending or descending.")
  }
  const direction = order.startsWith("d") ? -1 : 1
  return (left, right) => {
    const [a, b] = [left[field], right[field]]
    if (typeof a === "number" && typeof b === "number") return direction * (a - b)
    const [x, y] = [sortText(a), sortText(b)]
    return direction * (x < y ? -1 : x > y ? 1 : 0)
  }
}

const list = (state: SimulatorState, request: ApiRequest): JsonObject => {
  const conditions = tests(state, request.query)
  const compare = byField(request.query)
  const found = [...state.world.campaigns.values()]
    .filter((campaign) => conditions.every((holds) => holds(campaign)))
    .map((campaign) => ({ campaign, shown: renderCampaign(campaign) }))
    .toSorted((left, right) => compare(left.shown, right.shown))
  return page(request, PATH, found, ({ campaign }) =>
    campaignBody(campaign, request.token?.contract === "etag")
  )
}

export const campaignListRoutes: ReadonlyArray<Route> = [
  {
    method: "GET",
    path: PATH,
    access: { anyOf: ["outbound:campaign:view"] },
    scope: "outbound:campaign:read",
    handle: (state, request) => json(list(state, request))
  }
]
