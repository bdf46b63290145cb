import { Effect } from "effect"
import type { CampaignId } from "../campaign/Campaign.ts"
import { decideTargets, type TargetExplanation } from "../decision/decideTargets.ts"
import type { AuditUnavailable, GatewayError } from "../errors/errors.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { annotate, traced } from "../telemetry/traced.ts"
import { gatherFacts } from "./gatherFacts.ts"
import { type Observation, observe } from "./observe.ts"
import { onlyInDivisions } from "./inDivisions.ts"
import { retryingReads, startRun } from "./retrying.ts"
import { Settings } from "./Settings.ts"
import type { TransitionPorts } from "./transition.ts"

export type { Need, TargetExplanation } from "../decision/decideTargets.ts"

/** One campaign, and what would be decided on every target. */
export interface TargetsExplained extends Observation {
  readonly targets: ReadonlyArray<TargetExplanation>
}

/**
 * Takes the decision on every target from one look at the campaign and one gathering of facts.
 * Writes nothing. A campaign outside of the divisions, where any are named, is not found.
 */
export const explainTargets = traced(spans.explain.name)(function* (
  id: CampaignId,
  divisionIds?: ReadonlyArray<string>
): Effect.fn.Return<TargetsExplained, GatewayError | AuditUnavailable, TransitionPorts> {
  yield* annotate(() => ({ [attribute.campaignId]: id }))
  const clock = yield* startRun
  const observation = yield* Effect.flatMap(
    retryingReads(clock, observe(id)),
    onlyInDivisions(divisionIds)
  )
  const { campaign, disposition, state } = observation
  const facts = yield* gatherFacts(campaign, state, { target: "active" }, clock)
  const { guards } = yield* Settings
  const targets = decideTargets(guards, {
    campaign,
    state,
    ...facts,
    ...(disposition === undefined ? {} : { pending: disposition.target })
  })
  return { ...observation, targets }
})
