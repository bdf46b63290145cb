import type { CampaignFilter, HoldScope } from "@campaignctl/core"
import type { Selector } from "../domain/Selector.ts"

const both = (
  wanted: ReadonlyArray<string> | undefined,
  allowed: ReadonlyArray<string> | undefined
): ReadonlyArray<string> | undefined =>
  wanted === undefined || allowed === undefined
    ? (wanted ?? allowed)
    : wanted.filter((id) => allowed.includes(id))

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

/** The beginning of a pattern that any way of comparing names would take alike. */
const PLAIN_PREFIX = /^[A-Za-z0-9 _-]*/

/**
 * The lists that show every campaign of a scope: one for each queue, as the API takes one at a time.
 * None for a scope that no campaign is in.
 */
export const filtersOf = ({
  divisionIds,
  ids,
  namePattern,
  queueIds
}: HoldScope): ReadonlyArray<CampaignFilter> => {
  if (ids?.length === 0 || divisionIds?.length === 0) return []
  const prefix = PLAIN_PREFIX.exec(namePattern ?? "")?.[0] ?? ""
  const filter: CampaignFilter = {
    ...(ids === undefined ? {} : { ids }),
    ...(divisionIds === undefined ? {} : { divisionIds }),
    ...(prefix === "" ? {} : { namePrefix: prefix })
  }
  return queueIds === undefined ? [filter] : queueIds.map((queueId) => ({ ...filter, queueId }))
}
