import { Effect, Queue, type Scope, Stream } from "effect"
import type { CampaignId, LockToken } from "../campaign/Campaign.ts"
import { CampaignEvents, type CampaignNews } from "../ports/CampaignEvents.ts"
import { type ContractCase, holds, same } from "./ContractCase.ts"
import { type EventsDisturbance, EventsWorld } from "./EventsWorld.ts"

type Case = ContractCase<CampaignEvents | EventsWorld>

/** A reader of the news that remembers all that it heard. */
interface Listener {
  readonly heard: ReadonlyArray<CampaignNews>
  /** Hears until this is true of what was heard since the listener was made; ends at once where it is. */
  readonly until: (
    enough: (heard: ReadonlyArray<CampaignNews>) => boolean
  ) => Effect.Effect<ReadonlyArray<CampaignNews>>
}

const listener: Effect.Effect<Listener, never, CampaignEvents | Scope.Scope> = Effect.gen(
  function* () {
    const events = yield* CampaignEvents
    const arriving = yield* Queue.unbounded<CampaignNews>()
    yield* Effect.forkScoped(
      Stream.runForEach(events.news, (news) => Queue.offer(arriving, news)),
      { startImmediately: true }
    )
    const heard: Array<CampaignNews> = []
    return {
      heard,
      until: (enough) =>
        Effect.gen(function* () {
          while (!enough(heard)) heard.push(yield* Queue.take(arriving))
          return heard
        })
    }
  }
)

const add = (name: string) => EventsWorld.use((world) => world.addCampaign(name))
const change = (id: CampaignId, status: string) =>
  EventsWorld.use((world) => world.change(id, status))
const disturb = (disturbance: EventsDisturbance) =>
  EventsWorld.use((world) => world.disturb(disturbance))
const follow = (ids: ReadonlyArray<CampaignId>) =>
  CampaignEvents.use((events) => events.follow(ids))

const idsOf = (heard: ReadonlyArray<CampaignNews>, tag: "Covered" | "Lost") =>
  heard.flatMap((news) => (news._tag === tag ? news.ids : []))
const covered =
  (id: CampaignId, times = 1) =>
  (heard: ReadonlyArray<CampaignNews>) =>
    idsOf(heard, "Covered").filter((other) => other === id).length >= times
const seenOf = (heard: ReadonlyArray<CampaignNews>, id: CampaignId) =>
  heard.flatMap((news) => (news._tag === "Seen" && news.campaign.id === id ? [news.campaign] : []))
const seen = (id: CampaignId, lock: LockToken) => (heard: ReadonlyArray<CampaignNews>) =>
  seenOf(heard, id).some((campaign) => campaign.lock === lock)

/** A campaign that is covered, and who hears of it. */
const followed = Effect.gen(function* () {
  const id = yield* add("Followed")
  const hearing = yield* listener
  yield* follow([id])
  yield* hearing.until(covered(id))
  return { id, hearing }
})

const told = (
  disturbance: EventsDisturbance,
  expected: ReadonlyArray<number>,
  name: string
): Case => ({
  name,
  run: Effect.scoped(
    Effect.gen(function* () {
      const { hearing, id } = yield* followed
      yield* disturb(disturbance)
      const locks = [yield* change(id, "on"), yield* change(id, "off")]
      const marker = yield* change(id, "on")
      yield* hearing.until(seen(id, marker))
      const order = seenOf(hearing.heard, id).map(({ lock }) => locks.indexOf(lock))
      yield* same(
        "the order",
        order.filter((index) => index >= 0),
        expected
      )
    })
  )
})

/** What the events of every adapter promise. */
export const campaignEventsContract: ReadonlyArray<Case> = [
  {
    name: "a change of a covered campaign is seen, with its status and the lock that it has then",
    run: Effect.scoped(
      Effect.gen(function* () {
        const { hearing, id } = yield* followed
        const lock = yield* change(id, "on")
        yield* hearing.until(seen(id, lock))
        const [campaign] = seenOf(hearing.heard, id)
        yield* same("the status", campaign?.status, "on")
        yield* same("the name", campaign?.name, "Followed")
        yield* same("the lock", campaign?.lock, lock)
      })
    )
  },
  {
    name: "a status that the events' documented list lacks is passed as it is",
    run: Effect.scoped(
      Effect.gen(function* () {
        const { hearing, id } = yield* followed
        const lock = yield* change(id, "forced_off")
        yield* hearing.until(seen(id, lock))
        yield* same(
          "the status",
          seenOf(hearing.heard, id).map(({ status }) => status),
          ["forced_off"]
        )
      })
    )
  },
  {
    name: "a campaign that is followed no more is neither heard of nor lost",
    run: Effect.scoped(
      Effect.gen(function* () {
        const [kept, left] = [yield* add("Kept"), yield* add("Left")]
        const hearing = yield* listener
        yield* follow([kept, left])
        yield* hearing.until((heard) => covered(kept)(heard) && covered(left)(heard))
        yield* follow([kept])
        yield* change(left, "on")
        const lock = yield* change(kept, "on")
        yield* hearing.until(seen(kept, lock))
        yield* same("what was seen of the other", seenOf(hearing.heard, left), [])
        yield* same("what was lost", idsOf(hearing.heard, "Lost"), [])
        yield* holds(
          idsOf(hearing.heard, "Covered").filter((id) => id === kept).length === 1,
          "the campaign that stayed was covered again, though nothing happened to it."
        )
      })
    )
  },
  {
    name: "a campaign that is followed later is covered beside the others, and heard of",
    run: Effect.scoped(
      Effect.gen(function* () {
        const { hearing, id } = yield* followed
        const later = yield* add("Later")
        yield* follow([id, later])
        yield* hearing.until(covered(later))
        const locks = [yield* change(later, "on"), yield* change(id, "on")] as const
        yield* hearing.until((heard) => seen(later, locks[0])(heard) && seen(id, locks[1])(heard))
        yield* same("who was covered", idsOf(hearing.heard, "Covered"), [id, later])
      })
    )
  },
  {
    name: "a connection that breaks is told as Lost, then as Covered, and changes after that are seen",
    run: Effect.scoped(
      Effect.gen(function* () {
        const { hearing, id } = yield* followed
        yield* EventsWorld.use((world) => world.breakConnections)
        yield* hearing.until(covered(id, 2))
        yield* same(
          "what was said",
          hearing.heard.map(({ _tag }) => _tag),
          ["Covered", "Lost", "Covered"]
        )
        const lock = yield* change(id, "on")
        yield* hearing.until(seen(id, lock))
      })
    )
  },
  {
    name: "a reader that comes after another has the campaigns covered anew",
    run: Effect.gen(function* () {
      const { id } = yield* Effect.scoped(followed)
      yield* Effect.scoped(
        Effect.gen(function* () {
          const hearing = yield* listener
          yield* hearing.until(covered(id))
          const lock = yield* change(id, "on")
          yield* hearing.until(seen(id, lock))
        })
      )
    })
  },
  told("twice", [0, 0, 1], "a change that is told twice is passed twice, with one lock"),
  told(
    "swapped",
    [1, 0],
    "changes that are told in the wrong order are passed so, with locks that tell"
  ),
  told("missed", [1], "a change that is not told harms none that follow")
]
