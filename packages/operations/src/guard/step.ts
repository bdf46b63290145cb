import type { SupervisionPolicy } from "@campaignctl/core"
import type { Action } from "./Action.ts"
import { claimOf } from "./claimOf.ts"
import { type DriftFound, driftOf } from "./driftOf.ts"
import type { Claim, GuardMemory } from "./GuardMemory.ts"
import { notes } from "./notes.ts"
import type { Sight } from "./Sight.ts"
import { type Standing, standingOf } from "./standing.ts"

/** What is to be done about one campaign, and what is to be remembered of it. */
export interface Step {
  readonly memory: GuardMemory
  /** In this order; the later ones only where the earlier ones were done. */
  readonly actions: ReadonlyArray<Action>
  readonly standing: Standing
  /** What it would do and does not, or will do later: for a person. */
  readonly intends: Intention
}

/** What the guard has in mind for a campaign. */
export interface Intention {
  readonly act: "pause" | "resume" | "none"
  /** Epoch milliseconds; absent where it is not only a question of time. */
  readonly at?: number
  readonly why: string
}

/** Actions of one campaign that a resume needs room for: itself, and the pause that may follow. */
const RESUME_ROOM = 2
const PAUSE_ROOM = 1

/**
 * Takes one look at one campaign. Pure and total.
 *
 * A pause because of the window is never held back. Every other change is, beyond the flap limit; a
 * resume also where the pause that it may lead to would be beyond it, so that what flaps ends paused.
 */
export const step = (
  policy: SupervisionPolicy,
  remembered: GuardMemory,
  sight: Sight,
  now: number
): Step => {
  const memory = sinceNow(policy, remembered, now)
  const standing = standingOf(policy, memory, sight, now)
  const claim = claimOf(memory, sight)
  const drift = driftOf(memory, sight, now)
  const { shortSince, unknownSince, fitSince } = standing
  const view: View = { policy, memory, sight, standing, claim, drift, now }
  const choice = choose(view)
  const recorded = recordFirst(view, choice)
  return {
    memory: {
      baseline: recorded === null ? drift.baseline : sight.state,
      shortSince,
      unknownSince,
      fitSince,
      claim,
      suspect: recorded === null ? drift.suspect : null,
      drift: drift.drift,
      notBefore: memory.notBefore,
      last: memory.last
    },
    actions: [
      ...(recorded === null ? [] : [recorded]),
      ...(choice.action === undefined ? [] : [choice.action])
    ],
    standing,
    intends: choice.intends
  }
}

/** A clock that went back must not put off what is to be tried again until it is where it was. */
const sinceNow = (policy: SupervisionPolicy, memory: GuardMemory, now: number): GuardMemory => ({
  ...memory,
  notBefore: Math.min(memory.notBefore, now + Math.max(policy.pauseDwellMs, policy.resumeDwellMs))
})

interface View {
  readonly policy: SupervisionPolicy
  readonly memory: GuardMemory
  readonly sight: Sight
  readonly standing: Standing
  readonly claim: Claim | null
  readonly drift: DriftFound
  readonly now: number
}

interface Choice {
  readonly action?: Action
  readonly intends: Intention
}

const nothing = (why: string): Choice => ({ intends: { act: "none", why } })
const pause = (reason: "COMPLIANCE" | "AGENT_CAPACITY" | "OTHER", note: string): Choice => ({
  action: { _tag: "Pause", reason, note },
  intends: { act: "pause", why: note }
})

/**
 * What is certain with this look goes into the ledger. A start that the ledger knew nothing of goes
 * there at once where the campaign is paused for it, because afterwards the pause would explain it.
 */
const recordFirst = ({ drift, sight }: View, { action }: Choice): Action | null =>
  drift.fresh !== null || (drift.suspect !== null && sight.word === null && action !== undefined)
    ? { _tag: "RecordDrift", note: notes.drift(sight) }
    : null

const choose = (view: View): Choice =>
  view.standing.dials ? whileDialling(view) : whileStopped(view)

const whileDialling = ({ drift, memory, now, policy, sight, standing }: View): Choice => {
  const { shortSince, unknownSince, window } = standing
  if (window === "closed" || window === "closing")
    return pause("COMPLIANCE", notes.window(sight, policy))
  if (unknownSince !== null && now - unknownSince >= policy.pauseDwellMs)
    return pause("COMPLIANCE", notes.unknownWindow(sight, unknownSince))
  if (drift.drift?.kind === "start" && policy.drift === "revert" && memory.notBefore <= now)
    return sight.acts.length + PAUSE_ROOM <= policy.flapLimit
      ? pause("OTHER", notes.revert(sight))
      : nothing(notes.leftRunning(sight, policy))
  if (sight.state === "active" && standing.agents === "short" && shortSince !== null) {
    const at = Math.max(shortSince + policy.pauseDwellMs, memory.notBefore)
    if (at > now)
      return { intends: { act: "pause", at, why: notes.shortOfAgents(sight, shortSince) } }
    return sight.acts.length + PAUSE_ROOM <= policy.flapLimit
      ? pause("AGENT_CAPACITY", notes.shortOfAgents(sight, shortSince))
      : nothing(notes.leftRunning(sight, policy))
  }
  if (sight.window._tag === "Open" && sight.window.closesAt !== undefined) {
    const at = sight.window.closesAt - policy.closingMarginMs
    return { intends: { act: "pause", at, why: notes.window(sight, policy) } }
  }
  return nothing("It may go on.")
}

const whileStopped = (view: View): Choice => {
  const { claim, memory, now, policy, sight, standing } = view
  const reverts = revertsStop(view)
  if (sight.state !== "paused" || (claim === null && !reverts))
    return nothing(`It is ${sight.state}, and not by the guard.`)
  if (claim?.touched === true && !reverts)
    return nothing("The guard paused it, but it was touched since, so that it is left as it is.")
  if (sight.hold !== null) return nothing(`The halt “${sight.hold}” holds.`)
  if (sight.acts.length + RESUME_ROOM > policy.flapLimit)
    return nothing(notes.staysPaused(sight, policy))
  if (standing.fitSince === null) return nothing(notes.waits(sight, standing))
  const at = Math.max(standing.fitSince + policy.resumeDwellMs, memory.notBefore)
  const why = notes.resume(sight, standing.fitSince)
  if (at > now) return { intends: { act: "resume", at, why } }
  if (closesSoon(view)) return nothing("Its window closes again too soon.")
  return {
    action: {
      _tag: "Resume",
      note: why,
      lock: sight.campaign.lock,
      since: sight.word?.sequence ?? 0
    },
    intends: { act: "resume", why }
  }
}

/** Whether it was stopped elsewhere, nothing was heard of it since, and the policy is to start it again. */
const revertsStop = ({ drift: { drift }, policy, sight }: View): boolean =>
  drift?.kind === "stop" &&
  policy.drift === "revert" &&
  policy.revertStops &&
  sight.word?.kind === "drift" &&
  sight.campaign.lock === drift.lock

/** A start is not worth less than its dwell. */
const closesSoon = ({ now, policy, sight: { window } }: View): boolean =>
  window._tag === "Open" &&
  window.closesAt !== undefined &&
  window.closesAt - policy.closingMarginMs < now + policy.resumeDwellMs
