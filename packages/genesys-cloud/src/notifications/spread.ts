import type { CampaignId } from "@campaignctl/core"

/** Which campaigns are heard of over which channel. */
export interface Spread {
  /** One set for each channel there may be; a channel whose set is empty is not needed. */
  readonly channels: ReadonlyArray<ReadonlySet<CampaignId>>
  /** Those that no channel has room for. */
  readonly left: ReadonlyArray<CampaignId>
}

/** No campaign over so many channels. */
export const emptySpread = (channels: number): Spread => ({
  channels: Array.from({ length: channels }, () => new Set<CampaignId>()),
  left: []
})

/**
 * Spreads campaigns over the channels, `room` to each. A campaign stays where it is, and the set of a
 * channel that stays as it was is the very same set.
 */
export const spread = (before: Spread, ids: Iterable<CampaignId>, room: number): Spread => {
  const wanted = new Set(ids)
  const kept = before.channels.map(
    (channel) => new Set([...channel].filter((id) => wanted.has(id)))
  )
  for (const channel of kept) for (const id of channel) wanted.delete(id)
  const waiting = [...wanted]
  for (const channel of kept)
    for (const id of waiting.splice(0, Math.max(0, room - channel.size))) channel.add(id)
  const channels = before.channels.map((old, index) => {
    const now = kept[index] ?? old
    return now.size === old.size && [...now].every((id) => old.has(id)) ? old : now
  })
  return { channels, left: waiting }
}
