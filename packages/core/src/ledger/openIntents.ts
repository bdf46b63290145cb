import type { AuditEntry } from "./AuditEntry.ts"

/** Intents among the entries of one campaign whose outcome is not among them. */
export const openIntents = (entries: ReadonlyArray<AuditEntry>): ReadonlyArray<AuditEntry> => {
  const settled = new Set(entries.map(({ intentId }) => intentId))
  return entries.filter(({ id, kind }) => kind === "intent" && !settled.has(id))
}
