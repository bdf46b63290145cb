import { TargetState } from "../campaign/State.ts"
import { notGathered } from "../guards/Facts.ts"
import { type Decision, decide, needsWindow } from "./decide.ts"
import type { DecisionInput } from "./Input.ts"
import type { GuardPolicy } from "./Policy.ts"
import type { ChangeRequest } from "./Request.ts"

/** What a caller must add for a change to be allowed. */
export type Need = "reason" | "restart"

/**
 * What would be decided on one target now.
 *
 * A frozen one is shared by every campaign of which just the same is decided.
 */
export interface TargetExplanation {
  readonly target: TargetState
  /** With what it needs, where it needs something. */
  readonly outcome: Decision["outcome"]
  readonly needs: ReadonlyArray<Need>
  /** On the bare request, without what it needs. */
  readonly verdicts: Decision["verdicts"]
}

/** Tried when the bare request is rejected. */
const HELP: Readonly<Record<Need, Partial<ChangeRequest>>> = {
  reason: { pauseReason: "OTHER" },
  restart: { restart: true }
}

/** What every decision on one campaign rests on, whatever is asked of it. */
export type Decidable = Omit<DecisionInput, "request" | "slots">

const explained = (
  policy: GuardPolicy,
  decidable: Decidable,
  target: TargetState
): TargetExplanation => {
  const decided = (request: ChangeRequest): Decision =>
    decide(policy, { ...decidable, request, slots: notGathered })
  const { outcome, verdicts } = decided({ target })
  if (outcome !== "rejected") return { target, outcome, needs: [], verdicts }
  const needs = (["reason", "restart"] as const).filter(
    (need) => decided({ target, ...HELP[need] }).outcome !== "rejected"
  )
  return { target, outcome: needs.length > 0 ? "allowed" : "rejected", needs, verdicts }
}

/** Explanations of one policy that rest on no fact of the moment: a few hundred at most, one for each state, pending target and target. */
type Settled = Map<string, TargetExplanation>
const settled = new WeakMap<GuardPolicy, Settled>()

const settledOf = (policy: GuardPolicy): Settled => {
  const known = settled.get(policy)
  if (known !== undefined) return known
  const made: Settled = new Map()
  settled.set(policy, made)
  return made
}

const frozen = (explanation: TargetExplanation): TargetExplanation => {
  for (const verdict of explanation.verdicts) Object.freeze(verdict)
  Object.freeze(explanation.verdicts)
  Object.freeze(explanation.needs)
  return Object.freeze(explanation)
}

/** Where no fact is asked for, the policy, the state and what is pending settle the decision: it is taken once. */
const settledOnce = (
  policy: GuardPolicy,
  decidable: Decidable,
  target: TargetState
): TargetExplanation => {
  const known = settledOf(policy)
  const key = `${decidable.state} ${target} ${decidable.pending ?? ""}`
  const found = known.get(key)
  if (found !== undefined) return found
  const made = frozen(explained(policy, decidable, target))
  known.set(key, made)
  return made
}

/** Takes the decision on every target, in the targets' order. Pure and total, as `decide`. */
export const decideTargets = (
  policy: GuardPolicy,
  decidable: Decidable
): ReadonlyArray<TargetExplanation> =>
  TargetState.literals.map((target) =>
    needsWindow(decidable.state, { target })
      ? explained(policy, decidable, target)
      : settledOnce(policy, decidable, target)
  )
