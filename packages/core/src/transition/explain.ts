import { Effect } from "effect"
import type { Decision } from "../decision/decide.ts"
import type { ChangeRequest } from "../decision/Request.ts"
import { type AuditUnavailable, CampaignNotFound, type GatewayError } from "../errors/errors.ts"
import type { SlotsFact } from "../guards/Facts.ts"
import type { CampaignId } from "../campaign/Campaign.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { tracedCall } from "../telemetry/traced.ts"
import type { TransitionPorts } from "./transition.ts"
import { decideFrom } from "./decideFrom.ts"
import { isInDivisions } from "./inDivisions.ts"
import { type Observation, observe } from "./observe.ts"
import { retryingReads, startRun } from "./retrying.ts"

/** What is asked about. */
export interface ExplainRequest extends ChangeRequest {
  readonly campaignId: CampaignId
  readonly slots?: SlotsFact
  /** The divisions that the caller may see; a campaign of any other is not found. Absent: all. */
  readonly divisionIds?: ReadonlyArray<string>
}

/** The decision that a transition would take now. */
export interface Explanation extends Observation {
  readonly decision: Decision
}

/** Takes the same decision as `transition` would, from the same facts, and writes nothing anywhere. */
export const explain = tracedCall(
  spans.explain.name,
  (
    request: ExplainRequest
  ): Effect.Effect<Explanation, GatewayError | AuditUnavailable, TransitionPorts> =>
    Effect.flatMap(startRun, (clock) =>
      Effect.flatMap(retryingReads(clock, observe(request.campaignId)), (observation) =>
        isInDivisions(request.divisionIds, observation.campaign)
          ? Effect.map(decideFrom(observation, request, clock), (decision) => ({
              ...observation,
              decision
            }))
          : Effect.fail(new CampaignNotFound({ campaignId: observation.campaign.id }))
      )
    ),
  ({ campaignId, target }) => ({
    [attribute.campaignId]: campaignId,
    [attribute.target]: target
  })
)
