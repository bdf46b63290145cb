import { CampaignState, TargetState } from "../campaign/State.ts"
import type { TransitionMatrix } from "./TransitionMatrix.ts"

/** A transition matrix as a Mermaid state diagram: an arrow for each change that may be asked for. */
export const renderStateDiagram = (matrix: TransitionMatrix): string =>
  [
    "stateDiagram-v2",
    ...CampaignState.literals.map((state) => `  state ${state}`),
    ...CampaignState.literals.flatMap((state) =>
      TargetState.literals
        .filter((target) => target !== state && matrix[state][target] !== "refused")
        .map((target) => `  ${state} --> ${target}${label(matrix, state, target)}`)
    )
  ].join("\n")

const label = (matrix: TransitionMatrix, state: CampaignState, target: TargetState): string =>
  matrix[state][target] === "with-restart" ? ": with restart" : ""
