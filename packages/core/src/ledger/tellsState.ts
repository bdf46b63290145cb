import type { AuditDraft } from "./AuditEntry.ts"

/**
 * Whether an entry says what state its campaign was last seen in or brought to: a change that was
 * applied or recovered with success, or a drift. `AuditLog.lastApplied` returns the newest such entry.
 */
export const tellsState = (entry: Pick<AuditDraft, "kind" | "outcome" | "success">): boolean =>
  entry.kind === "drift" ||
  (entry.kind === "outcome" &&
    entry.success &&
    (entry.outcome === "applied" || entry.outcome === "recovered"))
