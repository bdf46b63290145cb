import { Clock, Context, Effect, Latch, Layer, Queue, Stream } from "effect"
import { CampaignId, LockToken } from "../campaign/Campaign.ts"
import { CampaignEvents, type CampaignNews, type CampaignSeen } from "../ports/CampaignEvents.ts"
import { type EventsDisturbance, EventsWorld } from "../testing/EventsWorld.ts"

/** What a test does with the events in memory. Every operation takes effect at once. */
export class MemoryEvents extends Context.Service<
  MemoryEvents,
  {
    /** Ends when somebody reads the news: what is told before that is heard by nobody. */
    readonly reading: Effect.Effect<void>
    /** Says exactly this, whatever is followed, connected or not. */
    readonly emit: (news: CampaignNews) => Effect.Effect<void>
    /** A change that is `Seen` where the campaign is followed and the connection stands. */
    readonly tell: (campaign: Omit<CampaignSeen, "receivedAt">) => Effect.Effect<void>
    /** The connection breaks: `Lost` for all that was covered, then silence until `cover`. */
    readonly drop: Effect.Effect<void>
    /** The connection is back: `Covered` for all that is followed. */
    readonly cover: Effect.Effect<void>
    readonly followed: Effect.Effect<ReadonlyArray<CampaignId>>
  }
>()("@campaignctl/core/MemoryEvents") {}

/**
 * Campaign events in this process's memory: for tests and for trying things out.
 *
 * Every operation is synchronous, so that a test clock alone decides what happens when.
 */
export const memoryCampaignEvents: Layer.Layer<CampaignEvents | MemoryEvents | EventsWorld> =
  Layer.effectContext(
    Effect.sync(() => {
      const memory = new Memory()
      const events = CampaignEvents.of({
        available: true,
        follow: (ids) => Effect.sync(() => memory.follow(ids)),
        news: memory.news
      })
      const controls = MemoryEvents.of({
        reading: memory.reading.await,
        emit: (news) => Effect.sync(() => memory.say(news)),
        tell: (campaign) => memory.tell(campaign),
        drop: Effect.sync(() => memory.drop()),
        cover: Effect.sync(() => memory.cover()),
        followed: Effect.sync(() => [...memory.followed])
      })
      const world = EventsWorld.of({
        addCampaign: (name) => Effect.sync(() => memory.add(name)),
        change: (id, status) => memory.change(id, status),
        disturb: (disturbance) => Effect.sync(() => void (memory.disturbance = disturbance)),
        breakConnections: Effect.sync(() => {
          memory.drop()
          memory.cover()
        })
      })
      return Context.make(CampaignEvents, events).pipe(
        Context.add(MemoryEvents, controls),
        Context.add(EventsWorld, world)
      )
    })
  )

class Memory {
  followed: ReadonlySet<CampaignId> = new Set()
  disturbance: EventsDisturbance | undefined
  readonly reading = Latch.makeUnsafe()
  readonly #campaigns = new Map<CampaignId, { readonly name: string; version: number }>()
  #covered: ReadonlySet<CampaignId> = new Set()
  #connected = true
  #heldBack: CampaignSeen | undefined
  /** Where the reader hears; undefined while nobody reads. */
  #reader: Queue.Queue<CampaignNews> | undefined

  readonly news: Stream.Stream<CampaignNews> = Stream.unwrap(
    Effect.map(
      Effect.acquireRelease(
        Effect.map(Queue.unbounded<CampaignNews>(), (reader) => {
          this.#reader = reader
          this.#covered = new Set()
          this.#cover()
          this.reading.openUnsafe()
          return reader
        }),
        (reader) =>
          Effect.sync(() => {
            if (this.#reader !== reader) return
            this.#reader = undefined
            this.reading.closeUnsafe()
          })
      ),
      Stream.fromQueue
    )
  )

  say(news: CampaignNews): void {
    if (this.#reader !== undefined) Queue.offerUnsafe(this.#reader, news)
  }

  follow(ids: ReadonlyArray<CampaignId>): void {
    this.followed = new Set(ids)
    this.#covered = new Set([...this.#covered].filter((id) => this.followed.has(id)))
    this.#cover()
  }

  drop(): void {
    const ids = [...this.#covered]
    this.#connected = false
    this.#covered = new Set()
    if (ids.length > 0) this.say({ _tag: "Lost", ids, why: "The test broke the connection." })
  }

  cover(): void {
    this.#connected = true
    this.#cover()
  }

  #cover(): void {
    if (!this.#connected || this.#reader === undefined) return
    const ids = [...this.followed].filter((id) => !this.#covered.has(id))
    this.#covered = this.followed
    if (ids.length > 0) this.say({ _tag: "Covered", ids })
  }

  tell(campaign: Omit<CampaignSeen, "receivedAt">): Effect.Effect<void> {
    return Effect.map(Clock.currentTimeMillis, (receivedAt) => {
      if (!this.#covered.has(campaign.id)) return
      const seen = { ...campaign, receivedAt }
      const disturbance = this.disturbance
      this.disturbance = undefined
      if (disturbance === "missed") return
      if (disturbance === "swapped") {
        this.#heldBack = seen
        return
      }
      const told = disturbance === "twice" ? [seen, seen] : [seen]
      if (this.#heldBack !== undefined) told.push(this.#heldBack)
      this.#heldBack = undefined
      for (const each of told) this.say({ _tag: "Seen", campaign: each })
    })
  }

  add(name: string): CampaignId {
    const number = String(this.#campaigns.size + 1).padStart(12, "0")
    const id = CampaignId.make(`66666666-6666-4666-8666-${number}`)
    this.#campaigns.set(id, { name, version: 1 })
    return id
  }

  change(id: CampaignId, status: string): Effect.Effect<LockToken> {
    const held = this.#campaigns.get(id)
    if (held === undefined) return Effect.die(new Error(`There is no campaign ${id} in memory.`))
    held.version += 1
    const lock = LockToken.make(String(held.version))
    return Effect.as(this.tell({ id, name: held.name, status, lock }), lock)
  }
}
