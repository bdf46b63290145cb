import { addFrames, covers, noFrames } from "../notifications/Channel.ts"
import type { Channel, FrameCounts, Silence } from "../notifications/Channel.ts"
import { isWaiting } from "../notifications/ChannelFaults.ts"
import type { ChannelFault, ChannelFaultRequest } from "../notifications/ChannelFaults.ts"
import { closingFrame } from "../notifications/Frame.ts"
import type { SimulatorState } from "../SimulatorState.ts"
import { ControlError } from "./ControlError.ts"
import { readChannelFault } from "./readChannelFault.ts"

/** A notification channel as the control interface shows it. Times are the world's, ISO 8601. */
export interface ChannelView {
  readonly id: string
  readonly clientId: string
  readonly createdAt: string
  readonly lastUsedAt: string
  readonly expiresAt: string
  readonly topics: ReadonlyArray<string>
  /** Whether its WebSocket is open. */
  readonly connected: boolean
  /** What a `silence` fault keeps from the socket that is open. */
  readonly silence: Silence
  /** WebSockets that were opened on it so far. */
  readonly connects: number
  /** Those that were cut because nobody read them. */
  readonly overflows: number
  readonly frames: Readonly<FrameCounts>
}

export interface ChannelFaultView {
  readonly id: string
  readonly request: ChannelFaultRequest
  /** Null when it strikes always. */
  readonly remaining: number | null
  /** How often it struck; for one that strikes at once, how many channels. */
  readonly struck: number
}

const iso = (time: number): string => new Date(time).toISOString()

const viewChannel = (channel: Channel): ChannelView => ({
  id: channel.id,
  clientId: channel.token.clientId,
  createdAt: iso(channel.createdAt),
  lastUsedAt: iso(channel.lastUsedAt),
  expiresAt: iso(channel.expiresAt),
  topics: [...channel.topics.keys()],
  connected: channel.connection !== undefined,
  silence: channel.connection?.silence ?? "none",
  connects: channel.connects,
  overflows: channel.overflows,
  frames: channel.frames
})

export const viewChannels = (state: SimulatorState): ReadonlyArray<ChannelView> =>
  state.notifications.channels.all().map(viewChannel)

export const viewChannelFault = (fault: ChannelFault): ChannelFaultView => ({
  id: fault.id,
  request: fault.request,
  remaining: Number.isFinite(fault.remaining) ? fault.remaining : null,
  struck: fault.struck
})

const CLOSE_WARNING_SECONDS = 60

/** Strikes one channel at once. Answers whether there was anything to strike. */
const strike = (
  { notifications, world, ids }: SimulatorState,
  channel: Channel,
  request: ChannelFaultRequest
): boolean => {
  if (request.kind === "expire") {
    notifications.end(channel, "The channel has expired.")
    return true
  }
  const { connection } = channel
  if (connection === undefined) return false
  if (request.kind === "silence")
    connection.silence = request.heartbeats === true ? "events" : "all"
  if (request.kind === "close") {
    if (request.code === null) notifications.sockets.cut(channel)
    else notifications.sockets.close(channel, request.reason ?? "", request.code)
  }
  if (request.kind === "announceClose") {
    const seconds = request.seconds ?? CLOSE_WARNING_SECONDS
    notifications.sockets.send(
      channel,
      closingFrame(channel.id, channel.token.clientId, ids.guid(), seconds)
    )
    connection.closesAt = world.now + seconds * 1000
  }
  return true
}

const aimedAt = (state: SimulatorState, aim: ChannelFaultRequest): ReadonlyArray<Channel> => {
  const { campaignId } = aim
  return state.notifications.channels
    .all()
    .filter((channel) => aim.channelId === undefined || channel.id === aim.channelId)
    .filter((channel) => campaignId === undefined || covers(channel, campaignId))
}

/** Lets something go wrong with channels, at once or when its occasion comes. */
export const addChannelFault = (state: SimulatorState, body: unknown): ChannelFaultView => {
  const request = readChannelFault(body)
  const { notifications } = state
  if (
    request.channelId !== undefined &&
    notifications.channels.find(request.channelId) === undefined
  )
    throw new ControlError(`No channel ${request.channelId}.`, 404)
  const fault = notifications.faults.add(request)
  if (!isWaiting(request.kind))
    fault.struck = aimedAt(state, request).filter((channel) =>
      strike(state, channel, request)
    ).length
  return viewChannelFault(fault)
}

export const removeChannelFault = (state: SimulatorState, id: string): void => {
  if (!state.notifications.faults.remove(id))
    throw new ControlError(`No fault ${id} of channels is waiting.`, 404)
}

/** What was sent over all channels, those that are gone included. */
export const totalFrames = (state: SimulatorState): Readonly<FrameCounts> => {
  const total = noFrames()
  const { channels } = state.notifications
  for (const frames of [channels.gone, ...channels.all().map((channel) => channel.frames)])
    addFrames(total, frames)
  return total
}
