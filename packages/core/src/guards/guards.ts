import { needsAgents } from "../campaign/Campaign.ts"
import type { DecisionInput } from "../decision/Input.ts"
import type { GuardPolicy } from "../decision/Policy.ts"
import { inScope } from "../holds/inScope.ts"
import type { Hold } from "../holds/Hold.ts"
import type { SlotsCounted } from "./Facts.ts"
import type { GuardName, Verdict, VerdictStatus } from "./Verdict.ts"

/** One pure check. */
export interface Guard {
  readonly name: GuardName
  readonly judge: (policy: GuardPolicy, input: DecisionInput) => Verdict
}

type Judgement = readonly [status: Exclude<VerdictStatus, "overridden">, detail: string]

const guard = (
  name: GuardName,
  judge: (policy: GuardPolicy, input: DecisionInput) => Judgement
): Guard => ({
  name,
  judge: (policy, input) => {
    const [status, detail] = judge(policy, input)
    return { guard: name, status, detail }
  }
})

/** A guard that has a say only where something would start to dial. */
const activationGuard = (
  name: GuardName,
  judge: (policy: GuardPolicy, input: DecisionInput) => Judgement
): Guard =>
  guard(name, (policy, input) =>
    input.state === input.request.target
      ? ["skipped", "The campaign is in that state already."]
      : input.request.target === "active"
        ? judge(policy, input)
        : ["skipped", "Asked only before a campaign starts; stopping is never held up."]
  )

const matrix = guard("matrix", ({ matrix }, { pending, request, state }) => {
  const { restart = false, target } = request
  if (state === target) return ["passed", `The campaign is ${state} already.`]
  // A start is judged by what the campaign is about to be: what drains to be archived stays so.
  const from =
    state === "draining" && target === "active" && pending !== undefined ? pending : state
  const rule = from === target ? "allowed" : matrix[from][target]
  if (rule === "allowed" || (rule === "with-restart" && restart))
    return ["passed", `${from} may become ${target}.`]
  if (rule === "with-restart")
    return [
      "failed",
      `${from} may become ${target} only with a restart, which dials the list again from its first record.`
    ]
  return ["failed", `${from} may not become ${target}.`]
})

const pauseReason = guard("pauseReason", (_policy, { request, state }) => {
  if (request.target !== "paused") return ["skipped", "Only a pause needs a reason."]
  if (request.pauseReason !== undefined) return ["passed", `The reason is ${request.pauseReason}.`]
  return state === "paused"
    ? ["skipped", "The campaign is paused already."]
    : ["failed", "A pause needs a reason: AGENT_CAPACITY, COMPLIANCE, CUSTOMER_REQUEST or OTHER."]
})

const hold = activationGuard("hold", (_policy, { campaign, holds }) => {
  if (holds._tag === "NotGathered") return ["unknown", "The halts that hold were not asked for."]
  if (holds._tag === "Unknown")
    return ["unknown", `Whether a halt holds is not known: ${holds.why}`]
  const over = (told: ReturnType<typeof inScope>) =>
    holds.holds.filter(({ scope }) => inScope(scope, campaign) === told).map(nameOf)
  const covering = over("in")
  if (covering.length > 0)
    return ["failed", `${covering.join("; ")}: it holds until it is lifted by name.`]
  const perhaps = over("unknown")
  return perhaps.length === 0
    ? ["passed", "No halt holds the campaign."]
    : [
        "unknown",
        `${perhaps.join("; ")}: whether it holds this campaign cannot be told, which was shown without its division or queue.`
      ]
})

const nameOf = ({ name, raisedAt, raisedBy, reason }: Hold): string =>
  `Halt “${name}”, raised by ${raisedBy} at ${raisedAt} (${reason})`

const capacity = activationGuard("capacity", (policy, { campaign, capacity, minimumAgents }) => {
  const needed = minimumAgents ?? policy.minimumAgents
  if (!needsAgents(campaign))
    return ["skipped", `A campaign of mode ${campaign.dialingMode ?? "unknown"} needs no agents.`]
  if (capacity._tag === "NotGathered")
    return ["unknown", "The agents available were not asked for."]
  if (capacity._tag === "Unknown")
    return ["unknown", `The agents available are not known: ${capacity.why}`]
  const have = `${capacity.available} agent${capacity.available === 1 ? "" : "s"} available on ${capacity.of}`
  return capacity.available >= needed
    ? ["passed", `${have}; ${needed} needed.`]
    : ["failed", `Only ${have}; ${needed} needed.`]
})

const callingWindow = activationGuard("callingWindow", (_policy, { window }) => {
  if (window._tag === "NotGathered") return ["unknown", "The calling window was not asked for."]
  if (window._tag === "Unknown")
    return ["unknown", `The calling window is not known: ${window.why}`]
  const zones = window.zones
    .map(({ detail, localTime, zone }) => `${zone} ${localTime}, ${detail}`)
    .join("; ")
  return window.open
    ? ["passed", `The calling window is open (${zones}).`]
    : ["failed", `The calling window is closed (${zones}).${opensAgain(window.opensAt)}`]
})

const opensAgain = (opensAt: number | undefined): string => {
  const at = new Date(opensAt ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? "" : ` It opens at ${at.toISOString()}.`
}

const slots = activationGuard("slots", ({ activeLimit }, { slots, state }) => {
  if (slots._tag === "NotGathered")
    return [
      "skipped",
      "The number of campaigns that are on is not at hand; Genesys checks its own limit."
    ]
  if (slots._tag === "Unknown")
    return ["unknown", `The number of campaigns that are on is not known: ${slots.why}`]
  // A campaign that drains still holds the slot that it would go on using.
  const others = state === "draining" ? slots.inUse - 1 : slots.inUse
  const counted = slotsText(slots, activeLimit)
  return others < activeLimit
    ? ["passed", `${counted}.`]
    : ["failed", `${counted}; one must stop first.${slots.started === undefined ? "" : RECOUNT}`]
})

const RECOUNT = " They are counted anew when the change is asked for again."

/** A count that is not of now says so: some may have stopped, or been started elsewhere, since. */
const slotsText = ({ inUse, started }: SlotsCounted, activeLimit: number): string => {
  if (started === undefined) return `${inUse} of ${activeLimit} campaigns are on`
  const then = `${inUse - started} of ${activeLimit} campaigns were on when they were counted`
  return started === 0
    ? then
    : `${then}, and ${started} more count as started since by the same work`
}

/** Every guard, in the order in which its verdict is listed. */
export const guards: ReadonlyArray<Guard> = [
  matrix,
  pauseReason,
  hold,
  capacity,
  callingWindow,
  slots
]
