import {
  CampaignPolicies,
  type CampaignPolicy,
  explainSeen,
  isDialling,
  type Observation,
  type SlotsFact
} from "@campaignctl/core"
import { Effect } from "effect"
import { countAgents } from "../fleet/agents.ts"
import type { StateDifference } from "./FilePlan.ts"
import type { Spoken } from "./Spoken.ts"

/** What drains to where it is wanted is on its way. */
const isThere = ({ disposition, state }: Observation, target: string): boolean =>
  state === target || (state === "draining" && (disposition?.target ?? "paused") === target)

/** The campaigns that are not as their entries want them, with what would come of each. */
export const stateDifferences = Effect.fnUntraced(function* (
  spoken: ReadonlyArray<Spoken>,
  slots: SlotsFact | undefined,
  policyOf: (one: Spoken) => CampaignPolicy
) {
  const off = spoken.flatMap((one) => {
    const { change } = one.entry
    return change === undefined || isThere(one.seen, change.target) ? [] : [{ ...one, change }]
  })
  const agentsOf = yield* countAgents(
    { target: "active" },
    off.flatMap(({ change, seen }) => (change.target === "active" ? [seen.campaign] : []))
  )
  const listed = slots?._tag === "SlotsCounted" ? slots.inUse : undefined
  let inUse = listed
  const differences: Array<StateDifference> = []
  for (const { change, ...one } of off) {
    const { index, seen } = one
    const capacity = change.target === "active" ? yield* agentsOf(seen.campaign) : undefined
    const { outcome, verdicts } = yield* explainSeen(seen, {
      ...change,
      ...(capacity === undefined ? {} : { capacity }),
      ...(inUse === undefined || listed === undefined
        ? {}
        : { slots: { _tag: "SlotsCounted", inUse, started: inUse - listed } })
    }).pipe(
      Effect.provideService(CampaignPolicies, { policyFor: () => Effect.succeed(policyOf(one)) })
    )
    if (outcome === "already-there") continue
    if (inUse !== undefined && outcome === "allowed" && change.target === "active")
      inUse += isDialling(seen.state) ? 0 : 1
    differences.push({
      campaignId: seen.campaign.id,
      name: seen.campaign.name,
      divisionId: seen.campaign.division?.id ?? null,
      from: seen.state,
      to: change.target,
      entry: index,
      outcome,
      verdicts
    })
  }
  return differences
})
