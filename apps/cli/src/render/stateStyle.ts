import type { CampaignState, VerdictStatus } from "@campaignctl/core"
import type { Style } from "../terminal/Terminal.ts"

/** The colour of each state, the same everywhere. */
export const stateStyle: Readonly<Record<CampaignState, Style>> = {
  active: "green",
  draining: "yellow",
  paused: "cyan",
  completed: "blue",
  archived: "gray",
  invalid: "red"
}

/** How a verdict is marked: by a sign, so that it can be read without colours. */
export const verdictMark: Readonly<
  Record<VerdictStatus, { readonly sign: string; readonly style: Style }>
> = {
  passed: { sign: "✓", style: "green" },
  failed: { sign: "✗", style: "red" },
  unknown: { sign: "?", style: "red" },
  overridden: { sign: "!", style: "yellow" },
  skipped: { sign: "–", style: "gray" }
}
