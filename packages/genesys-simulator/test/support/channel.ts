import { once } from "node:events"
import { WebSocket } from "ws"
import type { Client } from "./connect.ts"

/** One frame as a client reads it. */
export type Frame = ReturnType<typeof JSON.parse>

export interface Closed {
  readonly code: number
  readonly reason: string
}

/** A client's end of a channel's WebSocket. */
export interface Heard {
  readonly socket: WebSocket
  /** All frames so far, in the order in which they came. */
  readonly frames: ReadonlyArray<Frame>
  readonly closed: Promise<Closed>
  /** What came since this was asked last: sends a ping, whose pong comes after all that was sent before it. */
  readonly news: () => Promise<ReadonlyArray<Frame>>
}

const isPong = (frame: Frame): boolean => frame.eventBody?.message === "pong"
export const isHeartbeat = (frame: Frame): boolean =>
  frame.topicName === "channel.metadata" && frame.eventBody.message === "WebSocket Heartbeat"

/** Opens the WebSocket of a channel. */
export const hear = async (connectUri: string): Promise<Heard> => {
  const socket = new WebSocket(connectUri)
  const frames: Array<Frame> = []
  let read = 0
  const waiting: Array<() => void> = []
  socket.on("message", (data: Buffer) => {
    const frame: Frame = JSON.parse(data.toString())
    frames.push(frame)
    if (isPong(frame)) waiting.shift()?.()
  })
  const closed = once(socket, "close").then(([code, reason]: ReadonlyArray<unknown>) => ({
    code: Number(code),
    reason: String(reason)
  }))
  await once(socket, "open")
  return {
    socket,
    frames,
    closed,
    news: async () => {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        socket.send(JSON.stringify({ message: "ping" }))
      })
      const fresh = frames.slice(read).filter((frame) => !isPong(frame))
      read = frames.length
      return fresh
    }
  }
}

export const CHANNELS = "/notifications/channels"
export const subscriptions = (channelId: string): string => `${CHANNELS}/${channelId}/subscriptions`
export const topic = (campaignId: string, suffix = ""): string =>
  `v2.outbound.campaigns.${campaignId}${suffix}`
export const topics = (...names: ReadonlyArray<string>) => names.map((id) => ({ id }))

export interface Listening extends Heard {
  readonly channelId: string
  readonly connectUri: string
}

/** Creates a channel, subscribes it to campaigns, and opens its WebSocket. */
export const listenTo = async (
  call: Client,
  ...campaignIds: ReadonlyArray<string>
): Promise<Listening> => {
  const { body: channel } = await call("POST", CHANNELS)
  const body = topics(...campaignIds.map((id) => topic(id)))
  await call("PUT", subscriptions(channel.id), { body })
  const heard = await hear(channel.connectUri)
  return { ...heard, channelId: channel.id, connectUri: channel.connectUri }
}

/** What a WebSocket's opening was answered instead: the HTTP status. */
export const refusal = async (connectUri: string): Promise<number> => {
  const socket = new WebSocket(connectUri)
  const [request, response] = await once(socket, "unexpected-response")
  request.destroy()
  return Number(response.statusCode)
}
