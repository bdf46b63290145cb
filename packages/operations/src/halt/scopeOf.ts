import type { HoldScope } from "@campaignctl/core"
import { both } from "../domain/listFilters.ts"
import type { Selector } from "../domain/Selector.ts"

/**
 * What a halt is about: the selector without its states, and within the divisions of whoever asks.
 *
 * The states are left out on purpose: a campaign that was stopped must not leave the halt by that, and
 * one that is started a moment later must not escape it.
 */
export const scopeOf = (
  { divisionIds, ids, namePattern, queueIds }: Selector,
  bound?: ReadonlyArray<string>
): HoldScope => {
  const divisions = both(divisionIds, bound)
  return {
    ...(ids === undefined ? {} : { ids }),
    ...(divisions === undefined ? {} : { divisionIds: divisions }),
    ...(queueIds === undefined ? {} : { queueIds }),
    ...(namePattern === undefined ? {} : { namePattern })
  }
}
