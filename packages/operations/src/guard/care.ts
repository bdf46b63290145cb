import { type Campaign, type HoldScope, inScope } from "@campaignctl/core"

/** Whether any campaign can be under such care: an empty list of ids means none, and to the API all. */
export const caresForSome = ({ divisionIds, ids, queueIds }: HoldScope): boolean =>
  [ids, divisionIds, queueIds].every((list) => list === undefined || list.length > 0)

/**
 * Whether a campaign is surely one of those that were asked for. One that is shown without the queue
 * or the division that would tell is left alone, as by every other selection.
 */
export const underCare = (care: HoldScope, campaign: Campaign): boolean =>
  inScope(care, campaign) === "in"
