import {
  type CampaignId,
  CampaignNotFound,
  explain,
  explainTargets,
  type Observation,
  PauseReason,
  TargetState
} from "@campaignctl/core"
import { Effect, Schema } from "effect"
import { boundTo, type Caller, maySee } from "../callers/Caller.ts"
import { json, jsonAnswer, sharedText } from "../routes/Answer.ts"
import { noBody, none, route } from "../routes/Route.ts"
import { campaignDocument } from "./documents.ts"
import { etagOf } from "./etag.ts"
import {
  type CampaignDetail,
  CampaignDetail as Detail,
  type CampaignDocument,
  DecisionDocument
} from "./schemas.ts"

/** A path with the id of one campaign, capitals or not. */
export const CampaignPath = Schema.Struct({
  id: Schema.String.check(Schema.isUUID()).annotate({ description: "The campaign's id." })
})

/** The id as Genesys writes it. */
export const campaignIdOf = ({ id }: typeof CampaignPath.Type): CampaignId =>
  id.toLowerCase() as CampaignId // the path's schema has found a UUID, which is all that the brand says

/** Hides what the caller may not know of: to them there is no such campaign. */
export const visibleTo =
  (caller: Caller) =>
  <A extends Observation>(seen: A): Effect.Effect<A, CampaignNotFound> =>
    maySee(caller, seen.campaign)
      ? Effect.succeed(seen)
      : Effect.fail(new CampaignNotFound({ campaignId: seen.campaign.id }))

/** The campaign's members, and its targets behind them. */
const detailText = (document: CampaignDocument, targets: CampaignDetail["targets"]): string =>
  `${JSON.stringify(document).slice(0, -1)},"targets":[${targets.map(sharedText).join(",")}]}\n`

export const getRoute = route({
  method: "GET",
  path: "/v1/campaigns/{id}",
  operationId: "getCampaign",
  summary: "One campaign, what it may become now, and why.",
  scope: "campaigns:read",
  query: none,
  body: noBody,
  params: CampaignPath,
  success: {
    description: "The campaign.",
    mediaTypes: { "application/json": Detail },
    headers: { ETag: "The lock token: send it as If-Match to change just what was seen." }
  },
  problems: ["CAMPAIGN_NOT_FOUND"],
  run: Effect.fnUntraced(function* ({ params }, { caller }) {
    const id = campaignIdOf(params)
    const seen = yield* explainTargets(id, caller.divisionIds)
    return jsonAnswer(detailText(campaignDocument(seen), seen.targets), {
      etag: etagOf(seen.campaign.lock)
    })
  })
})

const DecisionQuery = Schema.Struct({
  target: TargetState,
  reason: Schema.optionalKey(PauseReason),
  restart: Schema.optionalKey(Schema.Literals(["true", "false"]))
})

export const decisionRoute = route({
  method: "GET",
  path: "/v1/campaigns/{id}/decision",
  operationId: "explainDecision",
  summary: "What would be decided on a change now. Nothing is written anywhere.",
  scope: "campaigns:read",
  body: noBody,
  params: CampaignPath,
  query: DecisionQuery,
  success: { description: "The decision.", mediaTypes: { "application/json": DecisionDocument } },
  problems: ["CAMPAIGN_NOT_FOUND"],
  run: Effect.fnUntraced(function* ({ params, query }, { caller }) {
    const campaignId = campaignIdOf(params)
    const seen = yield* explain({
      campaignId,
      target: query.target,
      ...boundTo(caller),
      ...(query.reason === undefined ? {} : { pauseReason: query.reason }),
      ...(query.restart === "true" ? { restart: true } : {})
    })
    return json({
      campaignId,
      name: seen.campaign.name,
      from: seen.state,
      target: query.target,
      outcome: seen.decision.outcome,
      verdicts: seen.decision.verdicts
    } satisfies typeof DecisionDocument.Type)
  })
})
