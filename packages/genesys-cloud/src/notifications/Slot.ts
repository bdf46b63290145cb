import type { CampaignId } from "@campaignctl/core"
import { Effect, Queue } from "effect"
import type { ChannelFailure } from "./afterFailure.ts"
import type { Channel } from "./Channel.ts"
import type { ChannelRequests } from "./channelRequests.ts"
import type { Hear } from "./Connection.ts"
import type { OpenSocket } from "./Socket.ts"

/** The place of one channel, whichever of Genesys' channels it is just now. */
export interface Slot {
  wanted: ReadonlySet<CampaignId>
  /** Those of the wanted that are heard of. */
  covered: ReadonlySet<CampaignId>
  /** The channel to come back to. */
  channel: Channel | undefined
  /** Holds something where `wanted` was changed. */
  readonly changed: Queue.Queue<void>
}

/** What a slot needs to be kept. */
export interface Keeping {
  readonly requests: ChannelRequests
  readonly open: OpenSocket
  readonly hear: Hear
  readonly cover: (ids: ReadonlyArray<CampaignId>) => void
  readonly lose: (ids: ReadonlyArray<CampaignId>, why: string) => void
  /** Told of the campaigns that Genesys would not subscribe to, each time. */
  readonly refused: (ids: ReadonlyArray<CampaignId>) => Effect.Effect<void>
  /** Told of each attempt that failed, and of the channel that it was about. */
  readonly failed: (failure: ChannelFailure, channel: Channel | undefined) => Effect.Effect<void>
  readonly recovered: Effect.Effect<void>
}

export const makeSlot: Effect.Effect<Slot> = Effect.map(Queue.sliding<void>(1), (changed) => ({
  wanted: new Set<CampaignId>(),
  covered: new Set<CampaignId>(),
  channel: undefined,
  changed
}))

type Ids = ReadonlySet<CampaignId>
const within = (ids: Ids, others: Ids): ReadonlyArray<CampaignId> =>
  [...ids].filter((id) => others.has(id))
const without = (ids: Ids, others: Ids): ReadonlyArray<CampaignId> =>
  [...ids].filter((id) => !others.has(id))

/** Has the slot want others. What it wants no more is not heard of from now on. */
export const want = (slot: Slot, ids: ReadonlySet<CampaignId>): void => {
  slot.wanted = ids
  slot.covered = new Set(within(slot.covered, ids))
  Queue.offerUnsafe(slot.changed, undefined)
}

const NOT_ACCEPTED = "Genesys did not accept the subscription to it."

/**
 * Takes in what Genesys accepted, which replaces what was subscribed before, and says what is different;
 * `anew`, over a new connection, all that is heard of.
 */
export const settle = (
  slot: Slot,
  { cover, lose, refused }: Keeping,
  asked: ReadonlySet<CampaignId>,
  accepted: ReadonlySet<CampaignId>,
  anew: boolean
): Effect.Effect<void> =>
  Effect.suspend(() => {
    const before = slot.covered
    slot.covered = new Set(within(accepted, slot.wanted))
    const lost = without(before, slot.covered)
    if (lost.length > 0) lose(lost, NOT_ACCEPTED)
    const news = anew ? [...slot.covered] : without(slot.covered, before)
    if (news.length > 0) cover(news)
    return refused(without(asked, accepted))
  })

/** The connection is trusted no more: nothing is heard of. */
export const loseAll = (slot: Slot, { lose }: Keeping, why: string): void => {
  const ids = [...slot.covered]
  slot.covered = new Set()
  if (ids.length > 0) lose(ids, why)
}
