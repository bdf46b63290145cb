import { type CampaignState, TargetState } from "../campaign/State.ts"
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

/** What is decided on each target without any fact of the moment, by what else it rests on. */
type Settled = Map<CampaignState, Map<TargetState | undefined, Map<TargetState, TargetExplanation>>>
const settled = new WeakMap<GuardPolicy, Settled>()

/** What a map holds under a key, made where there is none yet. */
const kept = <K, V>(
  map: { get: (key: K) => V | undefined; set: (key: K, value: V) => unknown },
  key: K,
  make: () => V
): V => {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}

const emptyMap = <K, V>(): Map<K, V> => new Map()

const frozen = (explanation: TargetExplanation): TargetExplanation => {
  for (const verdict of explanation.verdicts) Object.freeze(verdict)
  Object.freeze(explanation.verdicts)
  Object.freeze(explanation.needs)
  return Object.freeze(explanation)
}

/**
 * Takes the decision on every target, in the targets' order. Pure and total, as `decide`.
 *
 * Where no fact is asked for, the policy, the state and what is pending settle the decision: it is
 * taken once.
 */
export const decideTargets = (
  policy: GuardPolicy,
  decidable: Decidable
): ReadonlyArray<TargetExplanation> => {
  const { pending, state } = decidable
  const ofState = kept(kept(settled, policy, emptyMap), state, emptyMap)
  const known = kept(ofState, pending, emptyMap)
  return TargetState.literals.map((target) =>
    needsWindow(state, { target })
      ? explained(policy, decidable, target)
      : kept(known, target, () => frozen(explained(policy, decidable, target)))
  )
}
