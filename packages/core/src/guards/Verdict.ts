import { Schema } from "effect"

/** The guards, in the order in which their verdicts are listed. */
export const GuardName = Schema.Literals([
  "matrix",
  "pauseReason",
  "hold",
  "capacity",
  "callingWindow",
  "slots"
])
export type GuardName = typeof GuardName.Type

/**
 * The guards that a caller may override, by name and with a note. The matrix and the pause reason may
 * not be, nor a hold: the way past a halt is to lift it by name.
 */
export const OverridableGuard = Schema.Literals(["capacity", "callingWindow", "slots"])
export type OverridableGuard = typeof OverridableGuard.Type

/**
 * - `passed`: checked, and the change may go on
 * - `failed`: checked, and the change must not be made
 * - `skipped`: the guard has no say in this request
 * - `unknown`: the fact could not be learned; refuses an activation
 * - `overridden`: failed or unknown, and the caller overrode this guard by name
 */
export const VerdictStatus = Schema.Literals([
  "passed",
  "failed",
  "skipped",
  "unknown",
  "overridden"
])
export type VerdictStatus = typeof VerdictStatus.Type

/** What one guard says of one request. */
export const Verdict = Schema.Struct({
  guard: GuardName,
  status: VerdictStatus,
  /** One sentence for a person. */
  detail: Schema.String,
  /** For `overridden` alone: what the verdict would have been. */
  overrode: Schema.optionalKey(Schema.Literals(["failed", "unknown"])),
  /** For `overridden` alone: the caller's note. */
  note: Schema.optionalKey(Schema.String)
})
export type Verdict = typeof Verdict.Type

/** The verdicts that forbid a change. */
export const isViolation = (verdict: Verdict): boolean =>
  verdict.status === "failed" || verdict.status === "unknown"

/** Whether the guard looked at a fact and judged it, whatever came of it. */
export const wasChecked = (verdicts: ReadonlyArray<Verdict>, guard: GuardName): boolean =>
  verdicts.some(
    (verdict) =>
      verdict.guard === guard &&
      (verdict.status === "passed" ||
        verdict.status === "failed" ||
        (verdict.status === "overridden" && verdict.overrode === "failed"))
  )
