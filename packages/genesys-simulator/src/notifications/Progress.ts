import type { Campaign } from "../world/Campaign.ts"
import type { World } from "../world/World.ts"
import type { Channel } from "./Channel.ts"
import type { Channels } from "./Channels.ts"

/** Milliseconds between two looks at how far the campaigns are. The platform does not say how often it tells. */
const INTERVAL = 10_000

interface Due {
  readonly channel: Channel
  readonly campaign: Campaign
}

/** Which channels are to be told how far which campaigns are: those that asked, of those that moved. */
export class Progress {
  readonly #told = new Map<string, string>()
  #next = 0

  due(channels: Channels, world: World, now: number): ReadonlyArray<Due> {
    if (now < this.#next) return []
    this.#next = now + INTERVAL
    const subscribed = channels.all().flatMap((channel) =>
      [...channel.topics.values()]
        .filter(({ topic }) => topic.suffix === ".progress")
        .flatMap(({ campaignId }) => {
          const campaign = world.campaigns.get(campaignId)
          return campaign === undefined ? [] : [{ channel, campaign }]
        })
    )
    const campaigns = new Set(subscribed.map(({ campaign }) => campaign))
    const moved = new Set([...campaigns].filter((campaign) => this.#moved(campaign)))
    return subscribed.filter(({ campaign }) => moved.has(campaign))
  }

  #moved(campaign: Campaign): boolean {
    const { called, total } = campaign.contacts
    const now = `${called}/${total}`
    if (this.#told.get(campaign.id) === now) return false
    this.#told.set(campaign.id, now)
    return true
  }
}
