import {
  type CampaignEvents,
  type CampaignId,
  type CampaignNews,
  CurrentBudgetClass
} from "@campaignctl/core"
import { Clock, Effect, FiberMap, Queue, Semaphore, Stream } from "effect"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { channelRequests } from "./channelRequests.ts"
import { complaints } from "./complaints.ts"
import type { Hear } from "./Connection.ts"
import { decodeFrame } from "./decodeFrame.ts"
import { keepChannel } from "./keepChannel.ts"
import { CHANNELS, NEWS_WAITING, SLOW_PAUSE_MS, TOPICS_PER_CHANNEL } from "./limits.ts"
import { openWebSocket } from "./openWebSocket.ts"
import { type Keeping, loseAll, makeSlot, type Slot, want } from "./Slot.ts"
import type { OpenSocket } from "./Socket.ts"
import { emptySpread, spread } from "./spread.ts"

const BROKEN = "A notification channel could not be kept."
const TOO_SLOW = "More was heard than was read, so that some of it is forgotten."

/** Who reads the news, and the channels that are kept for it. */
interface Reader {
  readonly news: Queue.Queue<CampaignNews>
  /** Keeps the channel of each slot that has something to hear of, and ends the others. */
  readonly keep: Effect.Effect<void>
}

/**
 * Events over Genesys' notification channels. Nothing is requested until there are campaigns to follow
 * and somebody reads the news; when nobody reads any more, every connection is closed.
 *
 * Its requests are of the budget's class `guard`: they keep what watches over campaigns from going blind,
 * which must not wait behind a fleet, and nobody waits for one of them as for an operator's.
 */
export const makeGenesysEvents = Effect.fnUntraced(function* (
  client: GenesysClient,
  apiUrl: string,
  open: OpenSocket = openWebSocket
): Effect.fn.Return<CampaignEvents["Service"]> {
  const slots = yield* Effect.all(Array.from({ length: CHANNELS }, () => makeSlot))
  const following = yield* Semaphore.make(1)
  const readingAlone = yield* Semaphore.make(1)
  const complain = complaints()
  let places = emptySpread(CHANNELS)
  let followed: ReadonlySet<CampaignId> = new Set()
  let reader: Reader | undefined

  const say = (news: CampaignNews): void => {
    if (reader === undefined || Queue.offerUnsafe(reader.news, news)) return
    // The reader cannot know what it missed; it begins anew.
    while (Queue.sizeUnsafe(reader.news) > 0) Queue.takeUnsafe(reader.news)
    Queue.offerUnsafe(reader.news, { _tag: "Lost", ids: [...followed], why: TOO_SLOW })
    const ids = slots.flatMap(({ covered }) => [...covered])
    if (ids.length > 0) Queue.offerUnsafe(reader.news, { _tag: "Covered", ids })
  }

  const hear: Hear = Effect.fnUntraced(function* (text) {
    const frame = decodeFrame(text, yield* Clock.currentTimeMillis)
    if (frame._tag === "Closing") return "closing"
    if (frame._tag === "Unreadable") yield* complain.unreadable(frame.why)
    if (frame._tag === "Changed" && followed.has(frame.campaign.id))
      say({ _tag: "Seen", campaign: frame.campaign })
    return "go on"
  })
  const keeping: Keeping = {
    requests: channelRequests(client, apiUrl),
    open,
    hear,
    cover: (ids) => say({ _tag: "Covered", ids }),
    lose: (ids, why) => say({ _tag: "Lost", ids, why }),
    ...complain
  }
  const kept = (slot: Slot) =>
    keepChannel(slot, keeping).pipe(
      Effect.scoped,
      Effect.catchDefect((defect) =>
        Effect.gen(function* () {
          loseAll(slot, keeping, BROKEN)
          yield* Effect.logError(BROKEN, defect)
          yield* Effect.sleep(SLOW_PAUSE_MS)
        })
      ),
      Effect.forever,
      Effect.provideService(CurrentBudgetClass, "guard")
    )

  const makeReader = Effect.gen(function* () {
    const news = yield* Queue.dropping<CampaignNews>(NEWS_WAITING)
    const fibers = yield* FiberMap.make<Slot>()
    // In the reader's own context: who follows may be within a span that ends.
    const run = yield* FiberMap.runtime(fibers)()
    const keep = Effect.forEach(
      slots,
      (slot) =>
        slot.wanted.size === 0
          ? FiberMap.remove(fibers, slot)
          : Effect.sync(() => run(slot, kept(slot), { onlyIfMissing: true })),
      { discard: true }
    )
    return { news, keep }
  })

  const follow = (ids: ReadonlyArray<CampaignId>) =>
    following.withPermit(
      Effect.gen(function* () {
        followed = new Set(ids)
        const before = places
        places = spread(before, followed, TOPICS_PER_CHANNEL)
        for (const [index, slot] of slots.entries()) {
          const ofSlot = places.channels[index]
          if (ofSlot !== undefined && ofSlot !== slot.wanted) want(slot, ofSlot)
        }
        yield* complain.noRoom(places.left.length)
        if (reader !== undefined) yield* reader.keep
      })
    )

  const begin = Effect.acquireRelease(
    Effect.tap(makeReader, (made) =>
      following.withPermit(
        Effect.suspend(() => {
          for (const slot of slots) slot.covered = new Set()
          reader = made
          return made.keep
        })
      )
    ),
    () =>
      Effect.sync(() => {
        reader = undefined
      })
  )

  return {
    available: true,
    follow,
    news: Stream.unwrap(
      Effect.gen(function* () {
        yield* Effect.acquireRelease(readingAlone.take(1), () => readingAlone.release(1), {
          interruptible: true
        })
        const { news } = yield* begin
        return Stream.fromQueue(news)
      })
    )
  }
})
