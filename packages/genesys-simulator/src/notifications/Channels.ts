import type { Token } from "../http/Tokens.ts"
import type { Random } from "../Random.ts"
import type { UnknownFacts } from "../world/UnknownFacts.ts"
import { addFrames, noFrames } from "./Channel.ts"
import type { Channel } from "./Channel.ts"

/** Channels of one client. Source: the platform's API definition, POST /api/v2/notifications/channels. */
const CHANNEL_LIMIT = 20
/** Milliseconds that a channel lives from its creation or the last PUT of its subscriptions. Source: notification service guide, 24 hours. */
export const CHANNEL_LIFETIME = 86_400_000

/** The channels that exist. */
export class Channels {
  readonly #channels = new Map<string, Channel>()
  readonly #random: Random
  /** The frames of channels that are no more. */
  readonly gone = noFrames()
  #uses = 0

  constructor(random: Random) {
    this.#random = random
  }

  /** Creates a channel. Answers also the one that had to go for it. */
  create(
    token: Token,
    now: number
  ): { readonly channel: Channel; readonly removed: Channel | undefined } {
    const others = this.all().filter((channel) => channel.token.clientId === token.clientId)
    const removed = others.length < CHANNEL_LIMIT ? undefined : leastUsed(others)
    if (removed !== undefined) this.remove(removed)
    const channel: Channel = {
      id: `streaming-0-${this.#random.guid().replaceAll("-", "")}`,
      token,
      createdAt: now,
      expiresAt: now + CHANNEL_LIFETIME,
      lastUsedAt: now,
      lastUse: 0,
      topics: new Map(),
      connection: undefined,
      connects: 0,
      overflows: 0,
      frames: noFrames()
    }
    this.#channels.set(channel.id, channel)
    this.use(channel, now)
    return { channel, removed }
  }

  use(channel: Channel, now: number): void {
    this.#uses += 1
    channel.lastUse = this.#uses
    channel.lastUsedAt = now
  }

  find(id: string): Channel | undefined {
    return this.#channels.get(id)
  }

  /** In the order of their creation. */
  all(): ReadonlyArray<Channel> {
    return [...this.#channels.values()]
  }

  remove(channel: Channel): void {
    if (this.#channels.delete(channel.id)) addFrames(this.gone, channel.frames)
  }
}

/** "Channels without an active connection will be removed first." Source: the platform's API definition. */
const leastUsed = (channels: ReadonlyArray<Channel>): Channel | undefined => {
  const idle = channels.filter((channel) => channel.connection === undefined)
  return (idle.length > 0 ? idle : channels).toSorted(
    (left, right) => left.lastUse - right.lastUse
  )[0]
}

/** Whether a token may see and change a channel. */
export const isOwn = (channel: Channel, token: Token, facts: UnknownFacts): boolean =>
  facts.channelBelongsTo === "client"
    ? channel.token.clientId === token.clientId
    : channel.token.text === token.text
