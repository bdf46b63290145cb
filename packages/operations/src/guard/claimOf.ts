import { isNext } from "@campaignctl/core"
import type { Claim, GuardMemory } from "./GuardMemory.ts"
import type { Sight } from "./Sight.ts"

/**
 * Whether the last word on a campaign is the guard's own pause, and nobody touched the campaign since.
 *
 * The lock token must be the one that the pause left behind. Where calls were still running, the
 * platform's own change from stopping to off may have moved it by one: a start and a stop in
 * between would have moved it by two at least. Whatever else it shows, the campaign is left alone.
 */
export const claimOf = ({ claim }: GuardMemory, { campaign, state, word }: Sight): Claim | null => {
  if (word === null || word.pausedUnder === null) return null
  const before: Claim =
    claim?.sequence === word.sequence
      ? claim
      : { sequence: word.sequence, lock: word.pausedUnder, draining: false, touched: false }
  if (before.touched) return before
  if (campaign.lock === before.lock) return { ...before, draining: state === "draining" }
  return state !== "draining" && before.draining && isNext(before.lock, campaign.lock)
    ? { ...before, lock: campaign.lock, draining: false }
    : { ...before, touched: true }
}
