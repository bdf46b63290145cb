import type { SupervisionPolicy } from "@campaignctl/core"
import type { GuardMemory } from "./GuardMemory.ts"
import type { Sight, WindowSight } from "./Sight.ts"

/** How a campaign stands to its conditions at one look. */
export interface Standing extends Pick<GuardMemory, "shortSince" | "unknownSince" | "fitSince"> {
  /** `closing`: open, but within the margin before it closes. */
  readonly window: "open" | "closing" | "closed" | "unknown"
  readonly agents: "enough" | "short" | "unknown" | "not asked" | "not needed"
  /** Whether calls may be placed: it is active, or its status is one that nobody knows. */
  readonly dials: boolean
}

/**
 * Holds what was seen against the conditions, and carries on since when they hold.
 *
 * An unknown count of agents neither begins nor ends a shortage, but ends all fitness: it is never a
 * reason to pause, and never one to start. A look that was missed begins both anew.
 */
export const standingOf = (
  policy: SupervisionPolicy,
  memory: GuardMemory,
  sight: Sight,
  now: number
): Standing => {
  const window = windowOf(policy, sight.window, now)
  const agents = agentsOf(sight)
  const dials = sight.state === "active" || !sight.knownStatus
  const since = (before: number | null): number => (sight.unbroken ? (before ?? now) : now)
  const shortSince =
    agents === "short"
      ? since(memory.shortSince)
      : (agents === "unknown" || agents === "not asked") && sight.unbroken
        ? memory.shortSince
        : null
  const fit = window === "open" && (agents === "enough" || agents === "not needed")
  return {
    window,
    agents,
    dials,
    shortSince: dials ? shortSince : null,
    unknownSince: dials && window === "unknown" ? Math.min(memory.unknownSince ?? now, now) : null,
    fitSince: fit ? since(memory.fitSince) : null
  }
}

const windowOf = (
  { closingMarginMs }: SupervisionPolicy,
  window: WindowSight,
  now: number
): Standing["window"] => {
  if (window._tag === "Unknown") return "unknown"
  if (window._tag === "Closed") return "closed"
  return window.closesAt !== undefined && window.closesAt - closingMarginMs <= now
    ? "closing"
    : "open"
}

const agentsOf = ({ agents, minimumAgents }: Sight): Standing["agents"] => {
  if (agents._tag === "NotGathered") return "not needed"
  if (agents._tag === "NotAsked") return "not asked"
  if (agents._tag === "Unknown") return "unknown"
  return agents.available < minimumAgents ? "short" : "enough"
}
