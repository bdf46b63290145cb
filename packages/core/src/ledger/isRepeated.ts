import type { AuditDraft, AuditEntry } from "./AuditEntry.ts"
import { tellsState } from "./tellsState.ts"

type Told = Pick<AuditEntry, "kind" | "outcome" | "success" | "overtakenBy">

/** Whether an entry tells what was seen of its campaign, or what it was brought to. */
export const tellsSight = (entry: Told): boolean => tellsState(entry) || entry.kind === "observed"

/** Whether a draft tells of a change that was only seen, which several may see at once. */
export const isSight = ({ kind }: Told): boolean => kind === "drift" || kind === "observed"

/**
 * Whether a sight tells nothing after the newest entry of its campaign that tells one: that said the
 * same already, or is of a change of ours that has used up the very lock under which it was seen. Two
 * who saw the same change, or one who was ended after telling of it and sees it again, tell of it once.
 */
export const isRepeated = (draft: AuditDraft, newest: AuditEntry): boolean =>
  isSight(draft) &&
  newest.lockBefore === draft.lockBefore &&
  (isSight(newest)
    ? newest.kind === draft.kind && newest.currentState === draft.currentState
    : newest.lockAfter !== null && newest.lockAfter !== draft.lockBefore)
