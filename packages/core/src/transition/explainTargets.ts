import { Effect } from "effect"
import type { CampaignId } from "../campaign/Campaign.ts"
import { TargetState } from "../campaign/State.ts"
import { type Decision, decide } from "../decision/decide.ts"
import type { ChangeRequest } from "../decision/Request.ts"
import type { AuditUnavailable, GatewayError } from "../errors/errors.ts"
import { notGathered } from "../guards/Facts.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { annotate, traced } from "../telemetry/traced.ts"
import { gatherFacts } from "./gatherFacts.ts"
import { type Observation, observe } from "./observe.ts"
import { onlyInDivisions } from "./inDivisions.ts"
import { retryingReads, startRun } from "./retrying.ts"
import { Settings } from "./Settings.ts"
import type { TransitionPorts } from "./transition.ts"

/** What a caller must add for a change to be allowed. */
export type Need = "reason" | "restart"

/** What would be decided on one target now. */
export interface TargetExplanation {
  readonly target: TargetState
  /** With what it needs, where it needs something. */
  readonly outcome: Decision["outcome"]
  readonly needs: ReadonlyArray<Need>
  /** On the bare request, without what it needs. */
  readonly verdicts: Decision["verdicts"]
}

/** One campaign, and what would be decided on every target. */
export interface TargetsExplained extends Observation {
  readonly targets: ReadonlyArray<TargetExplanation>
}

/** Tried when the bare request is rejected. */
const HELP: Readonly<Record<Need, Partial<ChangeRequest>>> = {
  reason: { pauseReason: "OTHER" },
  restart: { restart: true }
}

/**
 * Takes the decision on every target from one look at the campaign and one gathering of facts.
 * Writes nothing. A campaign outside of the divisions, where any are named, is not found.
 */
export const explainTargets = traced(spans.explain.name)(function* (
  id: CampaignId,
  divisionIds?: ReadonlyArray<string>
): Effect.fn.Return<TargetsExplained, GatewayError | AuditUnavailable, TransitionPorts> {
  yield* annotate({ [attribute.campaignId]: id })
  const clock = yield* startRun
  const observation = yield* Effect.flatMap(
    retryingReads(clock, observe(id)),
    onlyInDivisions(divisionIds)
  )
  const { campaign, disposition, state } = observation
  const facts = yield* gatherFacts(campaign, state, { target: "active" }, clock)
  const { guards } = yield* Settings
  const decided = (request: ChangeRequest): Decision =>
    decide(guards, {
      campaign,
      state,
      request,
      ...facts,
      slots: notGathered,
      ...(disposition === undefined ? {} : { pending: disposition.target })
    })
  const explained = (target: TargetState): TargetExplanation => {
    const bare = decided({ target })
    const { verdicts } = bare
    if (bare.outcome !== "rejected") return { target, outcome: bare.outcome, needs: [], verdicts }
    const needs = (["reason", "restart"] as const).filter(
      (need) => decided({ target, ...HELP[need] }).outcome !== "rejected"
    )
    return { target, outcome: needs.length > 0 ? "allowed" : "rejected", needs, verdicts }
  }
  return { ...observation, targets: TargetState.literals.map(explained) }
})
