import { isOlder } from "../campaign/lockOrder.ts"
import type { AuditDraft, AuditEntry } from "./AuditEntry.ts"
import { hasChanged } from "./tellsState.ts"

const wrote = ({ lockAfter, lockBefore }: AuditDraft): boolean => lockAfter !== lockBefore

/**
 * The sequence of the outcome that a change was overtaken by before its own was recorded; undefined for
 * nearly all. Two programs that share no engine, or a halt, may change a campaign one after the other,
 * and record it the other way round: what used up the lock that a change left came after it.
 *
 * @param since the outcomes of the campaign that were recorded since the change's intent, oldest first
 */
export const overtaking = (
  draft: AuditDraft,
  since: ReadonlyArray<AuditEntry>
): number | undefined => {
  const { lockAfter } = draft
  if (!hasChanged(draft) || lockAfter === null) return undefined
  const later = since.find(
    (entry) =>
      hasChanged(entry) &&
      (isOlder(lockAfter, entry.lockAfter ?? "") ||
        // Of two that changed nothing in Genesys, the one that is recorded later came later.
        (entry.lockBefore === lockAfter && (wrote(draft) || wrote(entry))))
  )
  return later?.overtakenBy ?? later?.sequence
}
