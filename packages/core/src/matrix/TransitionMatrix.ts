import type { CampaignState, TargetState } from "../campaign/State.ts"

/** How the matrix answers one pair: allowed, allowed only when the caller asks for a restart, or refused. */
export type MatrixRule = "allowed" | "with-restart" | "refused"

/** From every state to every target. Total by type: a missing pair does not compile. */
export type TransitionMatrix = Readonly<
  Record<CampaignState, Readonly<Record<TargetState, MatrixRule>>>
>

/** The matrix that applies unless a deployment loads its own. */
export const defaultMatrix: TransitionMatrix = {
  active: { active: "refused", paused: "allowed", completed: "allowed", archived: "allowed" },
  draining: { active: "allowed", paused: "allowed", completed: "allowed", archived: "allowed" },
  paused: { active: "allowed", paused: "refused", completed: "allowed", archived: "allowed" },
  completed: {
    active: "with-restart",
    paused: "refused",
    completed: "refused",
    archived: "allowed"
  },
  archived: { active: "refused", paused: "refused", completed: "refused", archived: "refused" },
  invalid: { active: "refused", paused: "allowed", completed: "refused", archived: "allowed" }
}
