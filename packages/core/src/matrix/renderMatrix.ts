import { CampaignState, TargetState } from "../campaign/State.ts"
import type { MatrixRule, TransitionMatrix } from "./TransitionMatrix.ts"

const CELL: Readonly<Record<MatrixRule, string>> = {
  allowed: "yes",
  "with-restart": "with restart",
  refused: "–"
}

/** A transition matrix as a Markdown table: a row for each state, a column for each target. */
export const renderMatrix = (matrix: TransitionMatrix): string =>
  [
    ["from \\ to", ...TargetState.literals],
    ["---", ...TargetState.literals.map(() => "---")],
    ...CampaignState.literals.map((state) => [
      state,
      ...TargetState.literals.map((target) => cell(matrix, state, target))
    ])
  ]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n")

/** Asking for the state that a campaign is in changes nothing and is never refused. */
const cell = (matrix: TransitionMatrix, state: CampaignState, target: TargetState): string =>
  state === target ? "already there" : CELL[matrix[state][target]]
