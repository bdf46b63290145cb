import type { CampaignState, TargetState } from "../../src/index.ts"

/** The documented matrix, written down a second time. */
export const DOCUMENTED: Readonly<Record<CampaignState, ReadonlyArray<TargetState>>> = {
  active: ["paused", "completed", "archived"],
  draining: ["active", "paused", "completed", "archived"],
  paused: ["active", "completed", "archived"],
  completed: ["archived"],
  archived: [],
  invalid: ["paused", "archived"]
}
/** What the documentation allows with a restart alone. */
export const WITH_RESTART: Readonly<Partial<Record<CampaignState, ReadonlyArray<TargetState>>>> = {
  completed: ["active"]
}
