import type { AuditEntry } from "./AuditEntry.ts"

type Told = Pick<AuditEntry, "kind" | "outcome" | "success" | "overtakenBy">

/** Whether an entry tells of a change that was made: an outcome that was applied, or recovered, with success. */
export const hasChanged = ({ kind, outcome, success }: Told): boolean =>
  kind === "outcome" && success && (outcome === "applied" || outcome === "recovered")

/**
 * Whether an entry says what state its campaign was last seen in or brought to: a change that was made,
 * unless another one that came after it was recorded first, or a drift. `AuditLog.lastApplied` returns
 * the newest such entry.
 */
export const tellsState = (entry: Told): boolean =>
  entry.kind === "drift" || (hasChanged(entry) && entry.overtakenBy === undefined)
