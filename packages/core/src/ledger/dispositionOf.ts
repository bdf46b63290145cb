import type { Disposition } from "../campaign/stateOf.ts"
import type { AuditEntry } from "./AuditEntry.ts"

/**
 * What an entry that `AuditLog.lastApplied` returned still says of its campaign.
 *
 * A drift ends the disposition before it: the campaign was seen doing something else.
 */
export const dispositionOf = (entry: AuditEntry | undefined): Disposition | undefined => {
  if (entry === undefined || entry.kind === "drift" || entry.targetState === null) return undefined
  return {
    target: entry.targetState,
    sequence: entry.sequence,
    ...(entry.pauseReason === null ? {} : { pauseReason: entry.pauseReason })
  }
}
