import { type Decision, decide, needsWindow } from "./decide.ts"
import type { DecisionInput } from "./Input.ts"
import type { GuardPolicy } from "./Policy.ts"

/** What was decided without any fact of the moment, by all that it rests on: a few hundred decisions at most. */
const settled = new WeakMap<GuardPolicy, Map<string, Decision>>()

const decisionsOf = (policy: GuardPolicy): Map<string, Decision> => {
  const known = settled.get(policy)
  if (known !== undefined) return known
  const made = new Map<string, Decision>()
  settled.set(policy, made)
  return made
}

const frozen = (decision: Decision): Decision => {
  for (const verdict of decision.verdicts) Object.freeze(verdict)
  Object.freeze(decision.verdicts)
  return Object.freeze(decision)
}

/**
 * Takes the decision, as `decide` does. Where no fact is asked for, the policy, the state, what is
 * pending and the request settle it: it is taken once, and the frozen decision shared by every
 * campaign of which just the same is decided.
 */
export const decideOnce = (policy: GuardPolicy, input: DecisionInput): Decision => {
  const { pending, request, state } = input
  // No guard that can be overridden has a say where no fact is asked for.
  if (needsWindow(state, request)) return decide(policy, input)
  const { pauseReason, restart = false, target } = request
  const decisions = decisionsOf(policy)
  const key = `${state} ${pending} ${target} ${pauseReason} ${restart}`
  const known = decisions.get(key)
  if (known !== undefined) return known
  const made = frozen(decide(policy, input))
  decisions.set(key, made)
  return made
}
