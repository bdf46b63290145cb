import type { CampaignFilter, HoldScope } from "@campaignctl/core"

/** The ids that are in both of two lists; an absent list means all. */
export const both = (
  wanted: ReadonlyArray<string> | undefined,
  allowed: ReadonlyArray<string> | undefined
): ReadonlyArray<string> | undefined =>
  wanted === undefined || allowed === undefined
    ? (wanted ?? allowed)
    : wanted.filter((id) => allowed.includes(id))

/** The beginning of a pattern that any way of comparing names would take alike. */
const PLAIN_PREFIX = /^[A-Za-z0-9 _-]*/

/** What the API can leave out of a list by itself, whatever the queues; the rest is to be compared. */
const whateverQueue = ({ divisionIds, ids, namePattern }: HoldScope): CampaignFilter => {
  const namePrefix = PLAIN_PREFIX.exec(namePattern ?? "")?.[0] ?? ""
  return {
    ...(ids === undefined ? {} : { ids }),
    ...(divisionIds === undefined ? {} : { divisionIds }),
    ...(namePrefix === "" ? {} : { namePrefix })
  }
}

/** The one list that shows every campaign of a scope, and others where it speaks of several queues. */
export const filterOf = (scope: HoldScope): CampaignFilter => {
  const [queueId, ...others] = scope.queueIds ?? []
  return {
    ...whateverQueue(scope),
    ...(queueId === undefined || others.length > 0 ? {} : { queueId })
  }
}

/**
 * The lists that show every campaign of a scope: one for each queue, as the API takes one at a time.
 * None for a scope that no campaign is in.
 */
export const filtersOf = (scope: HoldScope): ReadonlyArray<CampaignFilter> => {
  const { divisionIds, ids, queueIds } = scope
  if (ids?.length === 0 || divisionIds?.length === 0) return []
  const filter = whateverQueue(scope)
  return queueIds === undefined ? [filter] : queueIds.map((queueId) => ({ ...filter, queueId }))
}
