import { randomUUID } from "node:crypto"
import { Effect } from "effect"
import { mayOverride } from "../operations/change.ts"
import { ACCEPTED, KEY_HEADER } from "../operations/submit.ts"
import { once } from "../idempotency/once.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { type Incoming, none, route } from "../routes/Route.ts"
import { change, type ChangeAsked } from "./change.ts"
import { goOn, prefersAsync } from "./goOn.ts"
import { campaignIdOf, CampaignPath } from "./one.ts"
import { recover } from "./recover.ts"
import { TransitionBody, TransitionDocument } from "./schemas.ts"

/**
 * By which the ledger's entries are found again. A caller may send one id with several requests, and
 * the engine takes one name for one change.
 */
const nameOf = ({ header, requestId }: Incoming): string =>
  header("x-request-id") === requestId ? `${requestId}~${randomUUID()}` : requestId

/** Makes the change while its caller waits, once for each key where there is one. */
const atOnce = (asked: Omit<ChangeAsked, "requestId">, incoming: Incoming) => {
  const { body, id, ifMatch } = asked
  const key = incoming.header("idempotency-key")
  if (key === undefined) return change({ ...asked, requestId: nameOf(incoming) }, incoming)
  const { override = [], ...plain } = body
  return once(
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
}

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
    KEY_HEADER,
    {
      name: "Prefer",
      description:
        "`respond-async`: do not wait for the change. It goes on as an operation, as with `drainDeadlineMs`; a dry run does not, nor a change where no operations are carried on."
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
  otherSuccesses: [
    {
      ...ACCEPTED,
      headers: {
        ...ACCEPTED.headers,
        "Preference-Applied": "`respond-async` where that was preferred."
      }
    }
  ],
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
  run: ({ body, params }, incoming) => {
    const { caller, deployment, header } = incoming
    return Effect.flatMap(mayOverride(body.override, caller), () => {
      const ifMatch = header("if-match")
      if (deployment.requireIfMatch && ifMatch === undefined)
        return Effect.fail(new HttpProblem({ code: "PRECONDITION_REQUIRED" }))
      const id = campaignIdOf(params)
      const asked = { id, body, ifMatch }
      return body.dryRun !== true && (body.drainDeadlineMs !== undefined || prefersAsync(incoming))
        ? goOn(asked, incoming, () => atOnce(asked, incoming))
        : atOnce(asked, incoming)
    })
  }
})
