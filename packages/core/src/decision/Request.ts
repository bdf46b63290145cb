import { Schema } from "effect"
import { PauseReason, TargetState } from "../campaign/State.ts"
import { OverridableGuard } from "../guards/Verdict.ts"

/** One guard that the caller decides against, with the reason that the audit keeps. */
export const Override = Schema.Struct({ guard: OverridableGuard, note: Schema.String })
export type Override = typeof Override.Type

/** What a caller asks of one campaign, as far as the decision is concerned. */
export const ChangeRequest = Schema.Struct({
  target: TargetState,
  pauseReason: Schema.optionalKey(PauseReason),
  overrides: Schema.optionalKey(Schema.Array(Override)),
  /** Dial a completed list again from its first record. */
  restart: Schema.optionalKey(Schema.Boolean)
})
export type ChangeRequest = typeof ChangeRequest.Type
