import type { WebSocket } from "ws"
import type { Token } from "../http/Tokens.ts"
import type { Frame, FrameKind } from "./Frame.ts"
import type { NamedTopic } from "./Topics.ts"

/** How many frames of each kind went out, and how many did not and why. */
export interface FrameCounts extends Record<FrameKind, number> {
  /** Kept back by a `missEvent` fault. */
  missed: number
  /** Kept back by a `silence` fault. */
  silenced: number
  /** Events and progress for which no socket was open. */
  unheard: number
}

export const noFrames = (): FrameCounts => ({
  events: 0,
  progress: 0,
  heartbeats: 0,
  pongs: 0,
  closings: 0,
  missed: 0,
  silenced: 0,
  unheard: 0
})

const KINDS = Object.keys(noFrames()) as ReadonlyArray<keyof FrameCounts> // Object.keys forgets its keys' type.

export const addFrames = (total: FrameCounts, more: Readonly<FrameCounts>): void => {
  for (const kind of KINDS) total[kind] += more[kind]
}

/** What a channel's socket is deaf to: nothing, everything but heartbeats and pongs, or everything. */
export type Silence = "none" | "events" | "all"

/** The one socket that a channel may have, and what is under way on it. Times in the world's milliseconds. */
export interface Connection {
  readonly socket: WebSocket
  silence: Silence
  nextHeartbeat: number
  /** The heartbeat that is due was put off already. */
  heartbeatLate: boolean
  /** An event that is sent after the next one. */
  held: Frame | undefined
  /** When the server closes it, once that was announced. */
  closesAt: number | undefined
}

/** A notification channel: the topics of one client, for the time being. Times in the world's milliseconds. */
export interface Channel {
  readonly id: string
  /** The token that created it. */
  readonly token: Token
  readonly createdAt: number
  expiresAt: number
  lastUsedAt: number
  /** The order of uses; the clock may stand still between them. */
  lastUse: number
  /** By the topic's name, in the order in which they were asked for. */
  topics: Map<string, NamedTopic>
  connection: Connection | undefined
  connects: number
  /** Sockets that were cut because nobody read them. */
  overflows: number
  readonly frames: FrameCounts
}

/** Whether the channel is subscribed to anything of the campaign. */
export const covers = (channel: Channel, campaignId: string): boolean =>
  [...channel.topics.values()].some((topic) => topic.campaignId === campaignId)
