import {
  type CampaignGateway,
  type AuditLog,
  type AuditUnavailable,
  type Campaign,
  type CampaignId,
  type GatewayError,
  isDialling,
  listStates,
  matchesName,
  pagesOf,
  type Observation,
  seenState,
  type SlotsFact
} from "@campaignctl/core"
import { Effect, Stream } from "effect"
import type { FleetOrder } from "../domain/Operation.ts"
import { both, filterOf } from "../domain/listFilters.ts"
import type { Selector } from "../domain/Selector.ts"

/** Campaigns in their order, and how many of the organisation's are on where the list showed all. */
export interface Selection {
  readonly campaigns: ReadonlyArray<Observation>
  /** Of the ids that were named, those that no campaign in the caller's divisions has. */
  readonly missing: ReadonlyArray<CampaignId>
  readonly slots: SlotsFact | undefined
}

/** Whether a campaign matches every part of a selector, and is in one of the caller's divisions. */
export const isSelected = (
  { divisionIds, ids, namePattern, queueIds, states }: Selector,
  bound: ReadonlyArray<string> | undefined,
  { campaign, state }: Pick<Observation, "campaign" | "state">
): boolean =>
  among(ids, campaign.id) &&
  among(divisionIds, campaign.division?.id) &&
  among(bound, campaign.division?.id) &&
  among(queueIds, campaign.queue?.id) &&
  among(states, state) &&
  (namePattern === undefined || matchesName(namePattern, campaign.name))

const among = <A>(wanted: ReadonlyArray<A> | undefined, found: A | undefined): boolean =>
  wanted === undefined || (found !== undefined && wanted.includes(found))

const compareTexts = (one: string, other: string): number =>
  one < other ? -1 : one > other ? 1 : 0

type Compare = (one: Observation, other: Observation) => number

const byName: Compare = (one, other) =>
  compareTexts(one.campaign.name, other.campaign.name) ||
  compareTexts(one.campaign.id, other.campaign.id)

const ORDERS: Readonly<Record<FleetOrder, Compare | undefined>> = {
  listed: undefined,
  name: byName,
  division: (one, other) => compareTexts(divisionOf(one), divisionOf(other)) || byName(one, other)
}

const divisionOf = ({ campaign: { division } }: Observation): string =>
  division?.name ?? division?.id ?? ""

/** Lists the campaigns that a selector means, in the order asked for. */
export const selectCampaigns = Effect.fnUntraced(function* (
  selector: Selector,
  order: FleetOrder,
  bound: ReadonlyArray<string> | undefined
): Effect.fn.Return<Selection, GatewayError | AuditUnavailable, CampaignGateway | AuditLog> {
  const divisionIds = both(selector.divisionIds, bound)
  const filter = filterOf({ ...selector, ...(divisionIds === undefined ? {} : { divisionIds }) })
  // A list of ids or divisions without any means no campaign; to the API it means all.
  if (filter.ids?.length === 0 || filter.divisionIds?.length === 0)
    return { campaigns: [], missing: yield* missingOf(selector, bound, []), slots: undefined }
  const listed = (yield* Stream.runCollect(listStates(filter))).flat()
  const campaigns = listed.filter((seen) => isSelected(selector, bound, seen))
  const compare = ORDERS[order]
  return {
    campaigns: compare === undefined ? campaigns : campaigns.toSorted(compare),
    missing: yield* missingOf(
      selector,
      bound,
      listed.map(({ campaign }) => campaign)
    ),
    slots:
      Object.keys(filter).length > 0
        ? undefined
        : {
            _tag: "SlotsCounted",
            inUse: listed.filter(({ campaign }) => isDialling(seenState(campaign.status))).length
          }
  }
})

/**
 * Named and not there: a typo in what was to be stopped must not look like a stop. One that is there and
 * that another part of the selector leaves out is not among them, which takes a list of its own where the
 * first was of less than the ids.
 */
const missingOf = Effect.fnUntraced(function* (
  { ids = [], ...rest }: Selector,
  bound: ReadonlyArray<string> | undefined,
  listed: ReadonlyArray<Campaign>
): Effect.fn.Return<ReadonlyArray<CampaignId>, GatewayError, CampaignGateway> {
  const without = (seen: ReadonlyArray<Campaign>): ReadonlyArray<CampaignId> => {
    const there = new Set(
      seen.filter(({ division }) => among(bound, division?.id)).map(({ id }) => id)
    )
    return [...new Set(ids)].filter((id) => !there.has(id))
  }
  const unlisted = without(listed)
  if (unlisted.length === 0 || Object.keys(rest).length === 0 || bound?.length === 0)
    return unlisted
  const filter = { ids: unlisted, ...(bound === undefined ? {} : { divisionIds: bound }) }
  return without([...listed, ...(yield* Stream.runCollect(pagesOf(filter))).flat()])
})
