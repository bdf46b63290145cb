import { defaultMatrix, type TransitionMatrix } from "../matrix/TransitionMatrix.ts"

/** What a deployment decides once: the rules that guards apply. */
export interface GuardPolicy {
  readonly matrix: TransitionMatrix
  /** Agents that must be available before a campaign that needs them may start. */
  readonly minimumAgents: number
  readonly capacityScope: "campaign-queue" | "all-queues"
  /** Campaigns that the organisation may have on at once. */
  readonly activeLimit: number
}

/**
 * Two agents: the described contract's number. Fifty campaigns on at once: Genesys' limit for
 * voice, which counts those that are on, stopping or force-stopping.
 */
export const defaultGuardPolicy: GuardPolicy = {
  matrix: defaultMatrix,
  minimumAgents: 2,
  capacityScope: "campaign-queue",
  activeLimit: 50
}
