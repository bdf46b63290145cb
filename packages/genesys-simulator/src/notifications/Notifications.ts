import type { WebSocket } from "ws"
import type { Token } from "../http/Tokens.ts"
import type { Random } from "../Random.ts"
import type { Campaign } from "../world/Campaign.ts"
import type { World, WorldWatcher } from "../world/World.ts"
import { CHANNEL_LIFETIME, Channels } from "./Channels.ts"
import type { Channel } from "./Channel.ts"
import { ChannelFaults } from "./ChannelFaults.ts"
import { campaignFrame, heartbeatFrame, progressFrame } from "./Frame.ts"
import { Progress } from "./Progress.ts"
import { Sockets } from "./Sockets.ts"
import { topicName } from "./Topics.ts"

/** Milliseconds between two heartbeats. Source: the platform's developer community, 30 seconds. */
const HEARTBEAT_INTERVAL = 30_000

export interface NotificationsOptions {
  readonly world: World
  readonly random: Random
  readonly tokenLives: (token: Token) => boolean
  /** Lets the world live up to now. */
  readonly catchUp: () => void
}

/** Tells the clients' channels what happens in the world. */
export class Notifications implements WorldWatcher {
  readonly channels: Channels
  readonly faults = new ChannelFaults()
  readonly sockets: Sockets
  /** Where sockets are opened, such as `ws://127.0.0.1:4010`; known once the API listens. */
  socketUrl = ""
  readonly #world: World
  readonly #random: Random
  readonly #tokenLives: (token: Token) => boolean
  readonly #progress = new Progress()

  constructor(options: NotificationsOptions) {
    this.#world = options.world
    this.#random = options.random
    this.#tokenLives = options.tokenLives
    this.channels = new Channels(options.random.fork("channels"))
    this.sockets = new Sockets(options.catchUp)
  }

  create(token: Token): Channel {
    const { channel, removed } = this.channels.create(token, this.#world.now)
    if (removed !== undefined) this.sockets.close(removed, "Another channel took this one's place.")
    return channel
  }

  /** The channel is asked something; whoever was least recently asked goes first when there are too many. */
  use(channel: Channel): void {
    this.channels.use(channel, this.#world.now)
  }

  extend(channel: Channel): void {
    channel.expiresAt = this.#world.now + CHANNEL_LIFETIME
  }

  end(channel: Channel, why: string): void {
    this.channels.remove(channel)
    this.sockets.close(channel, why)
  }

  connect(channel: Channel, socket: WebSocket): void {
    this.use(channel)
    this.sockets.open(channel, socket, {
      nextHeartbeat: this.#world.now + HEARTBEAT_INTERVAL,
      onPing: () => this.use(channel)
    })
  }

  /** Ends the channels whose tokens are no longer valid. */
  settle(): void {
    if (this.#world.facts.channelBelongsTo === "client") return
    for (const channel of this.channels.all())
      if (!this.#tokenLives(channel.token)) this.end(channel, "The token is no longer valid.")
  }

  changed(campaign: Campaign): void {
    const topic = topicName(campaign.id, "")
    const listening = this.channels.all().filter((channel) => channel.topics.has(topic))
    for (const channel of listening) {
      const frame = campaignFrame(campaign, this.#world.facts, this.#random.guid())
      this.#deliver(channel, campaign.id, frame)
    }
  }

  lived(now: number): void {
    for (const channel of this.channels.all()) {
      if (now >= channel.expiresAt) this.end(channel, "The channel has expired.")
      else this.#keepUp(channel, now)
    }
    for (const { channel, campaign } of this.#progress.due(this.channels, this.#world, now))
      this.#deliver(channel, campaign.id, progressFrame(campaign, this.#random.guid()))
  }

  #keepUp(channel: Channel, now: number): void {
    const { connection } = channel
    if (connection === undefined) return
    if (connection.closesAt !== undefined && now >= connection.closesAt) {
      this.sockets.close(channel, "Maintenance.")
      return
    }
    if (now < connection.nextHeartbeat) return
    if (!connection.heartbeatLate) {
      const fault = this.faults.take("heartbeat", channel)
      if (fault?.kind === "lateHeartbeat") {
        connection.heartbeatLate = true
        connection.nextHeartbeat = now + fault.seconds * 1000
        return
      }
    }
    connection.heartbeatLate = false
    // After a sleep of the process there is one heartbeat, not all that the time would have had.
    connection.nextHeartbeat = now + HEARTBEAT_INTERVAL
    this.sockets.send(channel, heartbeatFrame)
  }

  #deliver(channel: Channel, campaignId: string, frame: ReturnType<typeof campaignFrame>): void {
    const { connection } = channel
    if (connection === undefined) {
      channel.frames.unheard += 1
      return
    }
    const { held } = connection
    const fault = this.faults.take("event", channel, {
      campaignId,
      ...(held === undefined ? {} : { except: "swapEvent" })
    })
    if (fault?.kind === "missEvent") {
      channel.frames.missed += 1
      return
    }
    if (fault?.kind === "swapEvent") {
      connection.held = frame
      return
    }
    this.sockets.send(channel, frame)
    if (fault?.kind === "duplicateEvent") this.sockets.send(channel, frame)
    if (held === undefined) return
    connection.held = undefined
    this.sockets.send(channel, held)
  }
}
