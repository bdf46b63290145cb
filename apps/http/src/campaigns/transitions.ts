import { Effect } from "effect"
import { once } from "../idempotency/once.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { none, route } from "../routes/Route.ts"
import { change, type ChangeAsked } from "./change.ts"
import { campaignIdOf, CampaignPath } from "./one.ts"
import { recover } from "./recover.ts"
import { TransitionBody, TransitionDocument } from "./schemas.ts"

export const transitionRoute = route({
  method: "POST",
  path: "/v1/campaigns/{id}/transitions",
  operationId: "changeCampaign",
  summary: "Bring a campaign to a state.",
  scope: "campaigns:operate",
  query: none,
  params: CampaignPath,
  body: TransitionBody,
  headers: [
    {
      name: "If-Match",
      description:
        "The ETag that the caller saw: the change is made only if it is still the current one."
    },
    {
      name: "Idempotency-Key",
      description:
        "1 to 255 visible characters. The same request with the same key is done once, and answered the same for 24 hours."
    }
  ],
  success: {
    description: "The campaign is there, or would be.",
    mediaTypes: { "application/json": TransitionDocument },
    headers: {
      ETag: "The lock token after the change.",
      "Idempotency-Replayed": "`true` where the answer is that of an earlier request."
    }
  },
  problems: [
    "CAMPAIGN_NOT_FOUND",
    "RETRIES_EXHAUSTED",
    "IDEMPOTENCY_IN_PROGRESS",
    "PRECONDITION_FAILED",
    "TRANSITION_REJECTED",
    "GENESYS_REFUSED",
    "IDEMPOTENCY_KEY_REUSED",
    "PRECONDITION_REQUIRED",
    "OUTCOME_UNKNOWN"
  ],
  runsToTheEnd: true,
  run: Effect.fnUntraced(function* ({ body, params }, incoming) {
    const { caller, deployment, header, requestId } = incoming
    if ((body.override?.length ?? 0) > 0 && !caller.scopes.has("campaigns:override"))
      return yield* new HttpProblem({
        code: "SCOPE_MISSING",
        detail: "Overriding a guard needs the scope campaigns:override.",
        parts: { requiredScope: "campaigns:override" }
      })
    const ifMatch = header("if-match")
    if (deployment.requireIfMatch && ifMatch === undefined)
      return yield* new HttpProblem({ code: "PRECONDITION_REQUIRED" })
    const id = campaignIdOf(params)
    const asked: Omit<ChangeAsked, "requestId"> = { id, body, ifMatch }
    const key = header("idempotency-key")
    if (key === undefined) return yield* change({ ...asked, requestId }, incoming)
    const { override = [], ...plain } = body
    return yield* once(
      key,
      {
        method: "POST",
        path: `/v1/campaigns/${id}/transitions`,
        ifMatch: ifMatch ?? null,
        body: { ...plain, override: override.map((one) => ({ ...one })) }
      },
      {
        perform: (requestId) => change({ ...asked, requestId }, incoming),
        recover: (requestId) => recover(id, requestId, incoming)
      },
      incoming
    )
  })
})
