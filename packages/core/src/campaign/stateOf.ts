import type { CampaignState, PauseReason, TargetState } from "./State.ts"

/**
 * The statuses of both wire contracts and the state that each means when the ledger says nothing.
 * Sources: Genesys `Campaign.campaignStatus`; the ETag contract's `campaignstate`.
 */
const STATE_OF_STATUS: Readonly<Record<string, CampaignState>> = {
  on: "active",
  stopping: "draining",
  forced_stopping: "draining",
  off: "paused",
  forced_off: "paused",
  complete: "completed",
  invalid: "invalid",
  active: "active",
  paused: "paused",
  completed: "completed",
  archived: "archived"
}

/** What our ledger remembers of a campaign and Genesys has no word for. */
export interface Disposition {
  readonly target: TargetState
  readonly pauseReason?: PauseReason
  /** The ledger sequence of the entry that says so. */
  readonly sequence: number
}

/** Whether this version knows the status. An unknown one is treated as `invalid`: stoppable, never startable. */
export const isKnownStatus = (status: string): boolean => Object.hasOwn(STATE_OF_STATUS, status)

/** States in which only the ledger can tell archived and completed from what Genesys shows. */
const LEDGER_DECIDES: Readonly<Partial<Record<CampaignState, ReadonlyArray<TargetState>>>> = {
  paused: ["completed", "archived"],
  completed: ["archived"],
  invalid: ["archived"]
}

/** The state that Genesys alone shows, without what the ledger remembers. */
export const seenState = (status: string): CampaignState =>
  isKnownStatus(status) ? (STATE_OF_STATUS[status] ?? "invalid") : "invalid"

/**
 * The state of a campaign from what Genesys shows and what the ledger remembers.
 *
 * What Genesys shows wins: a campaign that dials is active, or draining, whatever the ledger says;
 * one whose status is not known may be dialling, so that no disposition hides it. A disposition
 * outlives an edit made elsewhere while the campaign does not dial, so that an edit in another tool
 * never turns an archived campaign into one that may be started.
 */
export const stateOf = (status: string, disposition: Disposition | undefined): CampaignState =>
  stateFor(status, disposition?.target)

/** `stateOf`, from what the campaign was last brought to. */
export const stateFor = (status: string, target: TargetState | undefined): CampaignState => {
  const seen = seenState(status)
  if (target === undefined || !isKnownStatus(status)) return seen
  return LEDGER_DECIDES[seen]?.includes(target) === true ? target : seen
}

/** Whether calls may be placed or are still running. */
export const isDialling = (state: CampaignState): boolean =>
  state === "active" || state === "draining"
