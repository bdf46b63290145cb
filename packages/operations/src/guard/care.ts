import { type Campaign, type CampaignFilter, type HoldScope, inScope } from "@campaignctl/core"

/** What the API can leave out of the list by itself; the rest is compared by `underCare`. */
export const careFilter = ({
  divisionIds,
  ids,
  namePattern,
  queueIds
}: HoldScope): CampaignFilter => {
  const namePrefix = /^[^*?]*/.exec(namePattern ?? "")?.[0] ?? ""
  const [queueId, ...others] = queueIds ?? []
  return {
    ...(ids === undefined ? {} : { ids }),
    ...(divisionIds === undefined ? {} : { divisionIds }),
    ...(namePrefix === "" ? {} : { namePrefix }),
    ...(queueId === undefined || others.length > 0 ? {} : { queueId })
  }
}

/** Whether any campaign can be under such care: an empty list of ids means none, and to the API all. */
export const caresForSome = ({ divisionIds, ids, queueIds }: HoldScope): boolean =>
  [ids, divisionIds, queueIds].every((list) => list === undefined || list.length > 0)

/**
 * Whether a campaign is surely one of those that were asked for. One that is shown without the queue
 * or the division that would tell is left alone, as by every other selection.
 */
export const underCare = (care: HoldScope, campaign: Campaign): boolean =>
  inScope(care, campaign) === "in"
