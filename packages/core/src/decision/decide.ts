import type { CampaignState } from "../campaign/State.ts"
import { type Campaign, needsAgents } from "../campaign/Campaign.ts"
import { guards } from "../guards/guards.ts"
import { type GuardName, isViolation, OverridableGuard, type Verdict } from "../guards/Verdict.ts"
import type { DecisionInput } from "./Input.ts"
import type { GuardPolicy } from "./Policy.ts"
import type { ChangeRequest, Override } from "./Request.ts"

/** The verdicts of every guard on one request, and what follows from them. */
export interface Decision {
  readonly outcome: "allowed" | "already-there" | "rejected"
  readonly state: CampaignState
  readonly verdicts: ReadonlyArray<Verdict>
}

/** Whether the decision needs to know of agents: an activation of a campaign that has them take its calls. */
export const needsCapacity = (
  state: CampaignState,
  request: ChangeRequest,
  campaign: Pick<Campaign, "dialingMode">
): boolean => needsWindow(state, request) && needsAgents(campaign)

/** Whether the decision needs the calling window: an activation that would really start something. */
export const needsWindow = (state: CampaignState, request: ChangeRequest): boolean =>
  request.target === "active" && state !== "active"

/**
 * Judges one request by every guard. Pure and total: the same input gives the same verdicts,
 * all of them, in the guards' order, and never throws.
 */
export const decide = (policy: GuardPolicy, input: DecisionInput): Decision => {
  const verdicts = guards.map(({ judge, name }) =>
    overridden(
      judge(policy, input),
      input.request.overrides?.find(({ guard }) => guard === name)
    )
  )
  const outcome = isAlreadyThere(input)
    ? "already-there"
    : verdicts.some(isViolation)
      ? "rejected"
      : "allowed"
  return { outcome, state: input.state, verdicts }
}

/**
 * A campaign that drains towards what is asked, or towards something that a pause must not undo,
 * needs no second change.
 */
const isAlreadyThere = ({ pending, request, state }: DecisionInput): boolean =>
  state === request.target ||
  (state === "draining" &&
    pending !== undefined &&
    pending !== "active" &&
    (pending === request.target || request.target === "paused"))

/** The type keeps other guards out; a caller who went around it gains nothing. */
const isOverridable = (guard: GuardName): boolean =>
  OverridableGuard.literals.some((name) => name === guard)

const overridden = (verdict: Verdict, override: Override | undefined): Verdict =>
  override === undefined ||
  !isOverridable(verdict.guard) ||
  (verdict.status !== "failed" && verdict.status !== "unknown")
    ? verdict
    : { ...verdict, status: "overridden", overrode: verdict.status, note: override.note }
