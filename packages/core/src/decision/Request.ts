import type { PauseReason, TargetState } from "../campaign/State.ts"
import type { OverridableGuard } from "../guards/Verdict.ts"

/** One guard that the caller decides against, with the reason that the audit keeps. */
export interface Override {
  readonly guard: OverridableGuard
  readonly note: string
}

/** What a caller asks of one campaign, as far as the decision is concerned. */
export interface ChangeRequest {
  readonly target: TargetState
  readonly pauseReason?: PauseReason
  readonly overrides?: ReadonlyArray<Override>
  /** Dial a completed list again from its first record. */
  readonly restart?: boolean
}
