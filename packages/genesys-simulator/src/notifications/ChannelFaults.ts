import { covers } from "./Channel.ts"
import type { Channel } from "./Channel.ts"

/** What can go wrong with a channel. */
export type ChannelFaultEffect =
  /** An event is never sent. */
  | { readonly kind: "missEvent" }
  /** An event is sent twice. */
  | { readonly kind: "duplicateEvent" }
  /** An event is sent after the next one of its channel. */
  | { readonly kind: "swapEvent" }
  /** A heartbeat comes so many seconds late. */
  | { readonly kind: "lateHeartbeat"; readonly seconds: number }
  /** A WebSocket is answered an HTTP error instead of being opened; 503 unless said. */
  | { readonly kind: "refuseUpgrade"; readonly status?: number }
  /** At once: the socket stays open and nothing comes any more. With `heartbeats` these and pongs still do. */
  | { readonly kind: "silence"; readonly heartbeats?: boolean }
  /** At once: the server closes the socket, with 1001 unless said; null cuts the connection without a word. */
  | { readonly kind: "close"; readonly code?: number | null; readonly reason?: string }
  /** At once: announces that it will close the socket, and closes it after 60 seconds unless said. */
  | { readonly kind: "announceClose"; readonly seconds?: number }
  /** At once: the channel is gone, and its socket is closed. */
  | { readonly kind: "expire" }

export type ChannelFaultKind = ChannelFaultEffect["kind"]

export interface ChannelFaultAim {
  /** Any channel when left out. */
  readonly channelId?: string
  /** Only events of this campaign, or channels that are subscribed to it; any when left out. */
  readonly campaignId?: string
  /** How often it strikes; 1 unless said. One event sent to two channels counts twice. */
  readonly count?: number | "always"
  /** How many times it lets pass first. */
  readonly after?: number
}

export type ChannelFaultRequest = ChannelFaultAim & ChannelFaultEffect

export interface ChannelFault {
  readonly id: string
  readonly request: ChannelFaultRequest
  remaining: number
  toPass: number
  struck: number
}

/** What a waiting fault waits for. */
type Occasion = "event" | "heartbeat" | "upgrade"

const OCCASIONS: Partial<Record<ChannelFaultKind, Occasion>> = {
  missEvent: "event",
  duplicateEvent: "event",
  swapEvent: "event",
  lateHeartbeat: "heartbeat",
  refuseUpgrade: "upgrade"
}

/** Whether it waits for its occasion; the others strike at once, whatever channels there are. */
export const isWaiting = (kind: ChannelFaultKind): boolean => OCCASIONS[kind] !== undefined

/** An event is about its own campaign; a heartbeat or a socket is about those that its channel is subscribed to. */
const isAbout = (wanted: string, channel: Channel, campaignId: string | undefined): boolean =>
  campaignId === undefined ? covers(channel, wanted) : campaignId === wanted

/** The faults of channels that wait. */
export class ChannelFaults {
  #faults: Array<ChannelFault> = []
  #created = 0

  add(request: ChannelFaultRequest): ChannelFault {
    this.#created += 1
    const remaining = request.count === "always" ? Number.POSITIVE_INFINITY : (request.count ?? 1)
    const waits = isWaiting(request.kind)
    const fault = {
      id: `channel-fault-${this.#created}`,
      request,
      remaining: waits ? remaining : 0,
      toPass: request.after ?? 0,
      struck: 0
    }
    if (waits) this.#faults.push(fault)
    return fault
  }

  /** The oldest fault that strikes here, unless it is of a kind that cannot; it has one strike less from now on. */
  take(
    occasion: Occasion,
    channel: Channel,
    {
      campaignId,
      except
    }: { readonly campaignId?: string; readonly except?: ChannelFaultKind } = {}
  ): ChannelFaultEffect | undefined {
    for (const fault of this.#faults) {
      const { request } = fault
      if (OCCASIONS[request.kind] !== occasion || request.kind === except) continue
      if (request.channelId !== undefined && request.channelId !== channel.id) continue
      if (request.campaignId !== undefined && !isAbout(request.campaignId, channel, campaignId))
        continue
      if (fault.toPass > 0) {
        fault.toPass -= 1
        continue
      }
      fault.remaining -= 1
      fault.struck += 1
      this.#faults = this.#faults.filter((candidate) => candidate.remaining > 0)
      return request
    }
    return undefined
  }

  waiting(): ReadonlyArray<ChannelFault> {
    return this.#faults
  }

  remove(id: string): boolean {
    const before = this.#faults.length
    this.#faults = this.#faults.filter((fault) => fault.id !== id)
    return this.#faults.length < before
  }

  clear(): void {
    this.#faults = []
  }
}
