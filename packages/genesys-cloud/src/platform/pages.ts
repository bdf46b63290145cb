import type { CampaignFilter } from "@campaignctl/core"
import type { SdkOptions } from "../sdk/SdkTypes.ts"

/** Campaigns in one page, and ids in one request. Source: Genesys' maximum for both. */
export const PAGE_SIZE = 100

/** The requests that a filter needs: one for each hundred ids, or a single one without ids. */
export const idChunks = (
  filter: CampaignFilter
): ReadonlyArray<ReadonlyArray<string> | undefined> => {
  if (filter.ids === undefined) return [undefined]
  const chunks: Array<ReadonlyArray<string>> = []
  for (let from = 0; from < filter.ids.length; from += PAGE_SIZE)
    chunks.push(filter.ids.slice(from, from + PAGE_SIZE))
  return chunks
}

/** The query of one page. */
export const pageQuery = (
  filter: CampaignFilter,
  ids: ReadonlyArray<string> | undefined,
  pageNumber: number
): SdkOptions => ({
  pageSize: PAGE_SIZE,
  pageNumber,
  ...(ids === undefined ? {} : { id: ids }),
  ...(filter.namePrefix === undefined ? {} : { name: filter.namePrefix, filterType: "Prefix" }),
  ...(filter.divisionIds === undefined ? {} : { divisionId: filter.divisionIds }),
  ...(filter.queueId === undefined ? {} : { distributionQueueId: filter.queueId })
})
