import type { CampaignId } from "@campaignctl/core"

/**
 * Of which campaigns changes are heard, and which of them were listed since: what is known of those is
 * how they are now.
 */
export interface Cover {
  readonly covered: (ids: ReadonlyArray<CampaignId>) => void
  readonly lost: (ids: ReadonlyArray<CampaignId>) => void
  /** Whether some are heard of and wait for a list. */
  readonly isAwaited: () => boolean
  /** To be called as a list begins; what it gives is called once the list is there, and gives those in it that are certain from then on. */
  readonly listing: () => (isListed: (id: CampaignId) => boolean) => ReadonlyArray<CampaignId>
  readonly isCertain: (id: CampaignId) => boolean
  readonly certain: () => number
}

export const makeCover = (): Cover => {
  const awaited = new Set<CampaignId>()
  const certain = new Set<CampaignId>()
  return {
    covered: (ids) => {
      for (const id of ids) {
        certain.delete(id)
        awaited.add(id)
      }
    },
    lost: (ids) => {
      for (const id of ids) {
        certain.delete(id)
        awaited.delete(id)
      }
    },
    isAwaited: () => awaited.size > 0,
    listing: () => {
      const listed = [...awaited]
      return (isListed) => {
        const now = listed.filter((id) => awaited.delete(id) && isListed(id))
        for (const id of now) certain.add(id)
        return now
      }
    },
    isCertain: (id) => certain.has(id),
    certain: () => certain.size
  }
}
