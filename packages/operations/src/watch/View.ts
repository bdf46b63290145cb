import {
  type Campaign,
  type CampaignId,
  type CampaignSeen,
  isNext,
  isOlder,
  LockToken
} from "@campaignctl/core"

/** One campaign as it was listed, with what was heard of it since. */
export interface Sighted {
  readonly campaign: Campaign
  /** Whether status or lock were heard: the rest, and the body, may be older than the lock. */
  readonly heard: boolean
  /** Whether something beside its status was changed since it was listed, so that the rest is to be listed again. */
  readonly edited: boolean
}

/** Every campaign as it shows now, as far as anybody has told. */
export interface View {
  readonly campaigns: ReadonlyMap<CampaignId, Sighted>
  /** Takes what an event tells; false where it tells nothing new. Events of campaigns that were never listed are left out. */
  readonly hear: (seen: CampaignSeen) => boolean
  /** Takes a whole list, whose first page was asked for then; gives the ids that changed, and those that are gone. */
  readonly list: (campaigns: ReadonlyArray<Campaign>, askedAt: number) => Listed
  /** Takes a list of some campaigns; gives the ids that changed. */
  readonly listSome: (
    campaigns: ReadonlyArray<Campaign>,
    askedAt: number
  ) => ReadonlyArray<CampaignId>
}

export interface Listed {
  readonly changed: ReadonlyArray<CampaignId>
  readonly gone: ReadonlyArray<CampaignId>
}

/**
 * Puts lists and events together, whatever order they come in. A lock token that is older tells nothing
 * new; under the same token the later word counts, because Genesys may end a drain, or start, without
 * a new one. What that gets wrong the next list mends.
 */
export const makeView = (): View => {
  const campaigns = new Map<CampaignId, Sighted>()
  const receivedAt = new Map<CampaignId, number>()

  const hear = (seen: CampaignSeen): boolean => {
    const { divisionId, id, lock, name, queueId, receivedAt: at, status } = seen
    const known = campaigns.get(id)
    if (known === undefined || isOlder(lock, known.campaign.lock)) return false
    receivedAt.set(id, at)
    if (known.campaign.lock === lock && known.campaign.status === status) return false
    const { division, lock: before, queue, status: statusBefore } = known.campaign
    const campaign: Campaign = {
      ...known.campaign,
      lock: LockToken.make(lock),
      status,
      observedAt: at,
      ...(name === undefined ? {} : { name }),
      ...(divisionId === undefined || divisionId === division?.id
        ? {}
        : { division: { id: divisionId } }),
      ...(queueId === undefined || queueId === queue?.id ? {} : { queue: { id: queueId } })
    }
    const statusAlone = before === lock || (isNext(before, lock) && statusBefore !== status)
    campaigns.set(id, { campaign, heard: true, edited: known.edited || !statusAlone })
    return true
  }

  const listSome = (
    listed: ReadonlyArray<Campaign>,
    askedAt: number
  ): ReadonlyArray<CampaignId> => {
    const changed: Array<CampaignId> = []
    for (const campaign of listed) {
      const known = campaigns.get(campaign.id)?.campaign
      const heardAt = receivedAt.get(campaign.id) ?? Number.NEGATIVE_INFINITY
      const outdated =
        known !== undefined &&
        (isOlder(campaign.lock, known.lock) || (campaign.lock === known.lock && heardAt >= askedAt))
      if (outdated) continue
      campaigns.set(campaign.id, { campaign, heard: false, edited: false })
      if (known === undefined || known.lock !== campaign.lock || known.status !== campaign.status)
        changed.push(campaign.id)
    }
    return changed
  }

  const list = (listed: ReadonlyArray<Campaign>, askedAt: number): Listed => {
    const changed = listSome(listed, askedAt)
    const there = new Set(listed.map(({ id }) => id))
    const gone = [...campaigns.keys()].filter((id) => !there.has(id))
    for (const id of gone) {
      campaigns.delete(id)
      receivedAt.delete(id)
    }
    return { changed, gone }
  }

  return { campaigns, hear, list, listSome }
}
