import type { Campaign } from "../campaign/Campaign.ts"
import { matchesName } from "../campaign/matchesName.ts"
import type { HoldScope } from "./HoldScope.ts"

/** `unknown` where the campaign was shown without the division or the queue that would tell. */
export type InScope = "in" | "out" | "unknown"

/** Whether a campaign is in a scope. */
export const inScope = (
  { divisionIds, ids, namePattern, queueIds }: HoldScope,
  { division, id, name, queue }: Pick<Campaign, "id" | "name" | "division" | "queue">
): InScope => {
  const parts = new Set<InScope>([
    ids === undefined || ids.includes(id) ? "in" : "out",
    namePattern === undefined || matchesName(namePattern, name) ? "in" : "out",
    among(divisionIds, division?.id),
    among(queueIds, queue?.id)
  ])
  if (parts.has("out")) return "out"
  return parts.has("unknown") ? "unknown" : "in"
}

const among = (wanted: ReadonlyArray<string> | undefined, found: string | undefined): InScope => {
  if (wanted === undefined) return "in"
  if (wanted.length === 0) return "out"
  if (found === undefined) return "unknown"
  return wanted.includes(found) ? "in" : "out"
}
