import type { Supervision } from "./GuardStore.ts"
import type { Sight } from "./Sight.ts"
import type { Step } from "./step.ts"

/** What is kept and shown of a campaign after a look. */
export const supervisionOf = (
  { acts, agents, campaign, minimumAgents, state }: Omit<Sight, "unbroken">,
  { intends, memory, standing }: Step
): Supervision => ({
  campaignId: campaign.id,
  name: campaign.name,
  divisionId: campaign.division?.id ?? null,
  state,
  window: standing.window,
  agents: standing.agents,
  available: agents._tag === "AgentsAvailable" ? agents.available : null,
  minimumAgents,
  next: { act: intends.act, at: intends.at ?? null, why: intends.why },
  acts: acts.length,
  memory
})
