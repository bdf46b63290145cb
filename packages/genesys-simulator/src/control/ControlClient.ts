import type { FrameCounts } from "../notifications/Channel.ts"
import type { ChannelFaultRequest } from "../notifications/ChannelFaults.ts"
import type { FaultRequest } from "../http/Faults.ts"
import type { RequestEntry } from "../http/RequestLog.ts"
import type { JsonObject, JsonValue } from "../Json.ts"
import type { CampaignStatus } from "../world/CampaignStatus.ts"
import type { UnknownFacts } from "../world/UnknownFacts.ts"
import type { WriteBy, WriteEntry, WriteVia } from "../world/WriteLog.ts"
import type { ChannelFaultView, ChannelView } from "./channelCommands.ts"
import { ControlError } from "./ControlError.ts"
import type { PermissionsView } from "./settingCommands.ts"
import type { CampaignView, FaultView, QueueView, StateView } from "./views.ts"

export interface CampaignCommand {
  /** Presses the button of the user interface: stopping drains, and the limits hold. */
  readonly turn?: "on" | "off"
  /** Sets this very status, at once, whatever the way to it. */
  readonly status?: CampaignStatus
  readonly fields?: JsonObject
  /** The campaign's `errors[]`; null takes them away. */
  readonly errors?: ReadonlyArray<JsonValue> | null
  readonly disposition?: "completed" | "archived" | null
  readonly outstandingCalls?: number
  readonly callSeconds?: number
  readonly contactsRemaining?: number
}

export interface NewCampaignCommand {
  readonly name: string
  readonly id?: string
  readonly status?: CampaignStatus
  readonly dialingMode?: string
  readonly queueId?: string
  readonly divisionId?: string
  readonly contacts?: number
  readonly fields?: JsonObject
}

export interface PermissionCommand {
  readonly set?: ReadonlyArray<string>
  readonly grant?: ReadonlyArray<string>
  readonly revoke?: ReadonlyArray<string>
  readonly divisions?: ReadonlyArray<string> | "all"
}

export interface WriteFilter {
  readonly by?: WriteBy
  readonly via?: WriteVia
  readonly contract?: WriteEntry["contract"]
  readonly campaignId?: string
}

export interface RequestFilter {
  readonly method?: string
  readonly route?: string
  readonly status?: number
  readonly campaignId?: string
}

const queryOf = (filter: object): string => {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(filter))
    if (value !== undefined) query.set(key, String(value))
  return query.size === 0 ? "" : `?${query.toString()}`
}

/**
 * Speaks to a simulator's control interface, in this process or another.
 *
 * Every method rejects with a `ControlError` whose message says what was wrong with the command.
 */
export class ControlClient {
  readonly url: string

  constructor(controlUrl: string) {
    this.url = controlUrl.replace(/\/+$/, "")
  }

  /** The whole organisation as it is now. */
  state(): Promise<StateView> {
    return this.#send("GET", "/state")
  }

  requests(filter: RequestFilter = {}): Promise<ReadonlyArray<RequestEntry>> {
    return this.#send("GET", `/requests${queryOf(filter)}`)
  }

  writes(filter: WriteFilter = {}): Promise<ReadonlyArray<WriteEntry>> {
    return this.#send("GET", `/writes${queryOf(filter)}`)
  }

  /** Empties the request log and the write log. */
  clearLogs(): Promise<void> {
    return this.#send("DELETE", "/logs")
  }

  fault(fault: FaultRequest): Promise<FaultView> {
    return this.#send("POST", "/faults", fault)
  }

  faults(): Promise<ReadonlyArray<FaultView>> {
    return this.#send("GET", "/faults")
  }

  /** Takes back one fault, or all of them. */
  clearFaults(id?: string): Promise<void> {
    return this.#send("DELETE", id === undefined ? "/faults" : `/faults/${encodeURIComponent(id)}`)
  }

  /** The notification channels that exist, with their topics and whether their WebSockets are open. */
  channels(): Promise<ReadonlyArray<ChannelView>> {
    return this.#send("GET", "/channels")
  }

  /** What was sent over all channels so far, those that are gone included. */
  frames(): Promise<FrameCounts> {
    return this.#send("GET", "/frames")
  }

  /** Lets something go wrong with notification channels. Some kinds strike at once; the others wait for their occasion. */
  channelFault(fault: ChannelFaultRequest): Promise<ChannelFaultView> {
    return this.#send("POST", "/channel-faults", fault)
  }

  channelFaults(): Promise<ReadonlyArray<ChannelFaultView>> {
    return this.#send("GET", "/channel-faults")
  }

  /** Takes back one waiting fault of channels, or all of them. What struck already stays as it is. */
  clearChannelFaults(id?: string): Promise<void> {
    const path = id === undefined ? "" : `/${encodeURIComponent(id)}`
    return this.#send("DELETE", `/channel-faults${path}`)
  }

  campaign(id: string): Promise<CampaignView> {
    return this.#send("GET", `/campaigns/${encodeURIComponent(id)}`)
  }

  changeCampaign(id: string, command: CampaignCommand): Promise<CampaignView> {
    return this.#send("POST", `/campaigns/${encodeURIComponent(id)}`, command)
  }

  addCampaign(command: NewCampaignCommand): Promise<CampaignView> {
    return this.#send("POST", "/campaigns", command)
  }

  queues(): Promise<ReadonlyArray<QueueView>> {
    return this.#send("GET", "/queues")
  }

  /** Sets the idle agents of a queue. Unless `held` is false they stay so many whatever calls and breaks there are. */
  agents(
    queueId: string,
    idle: number,
    options: { readonly held?: boolean } = {}
  ): Promise<QueueView> {
    return this.#send("POST", "/agents", { queueId, idle, ...options })
  }

  /** Moves the world forward by so many seconds, at once. */
  advance(seconds: number): Promise<{ readonly time: string }> {
    return this.#send("POST", "/advance", { seconds })
  }

  revokeTokens(): Promise<{ readonly revoked: number }> {
    return this.#send("POST", "/tokens/revoke")
  }

  /** Sets the lifetime of tokens issued from now on. */
  tokenSeconds(seconds: number): Promise<{ readonly seconds: number }> {
    return this.#send("POST", "/tokens", { seconds })
  }

  permissions(command: PermissionCommand): Promise<PermissionsView> {
    return this.#send("POST", "/permissions", command)
  }

  /** Requests a minute for one token, null for no limit. Every token gets a fresh window. */
  rate(allowed: number | null): Promise<{ readonly allowed: number | null }> {
    return this.#send("POST", "/rate", { allowed })
  }

  /** Seconds by which the server's Date header is ahead of the true time. */
  dateSkew(seconds: number): Promise<{ readonly serverTime: string }> {
    return this.#send("POST", "/clock", { dateSkewSeconds: seconds })
  }

  switches(changes: Partial<UnknownFacts>): Promise<UnknownFacts> {
    return this.#send("POST", "/switches", changes)
  }

  async #send<A>(method: string, path: string, body?: object): Promise<A> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { "content-type": "application/json" } })
    })
    const answer: unknown = await response.json()
    if (!response.ok) {
      const message =
        typeof answer === "object" && answer !== null && "message" in answer
          ? String(answer.message)
          : ""
      throw new ControlError(message, response.status)
    }
    // The other end is this package's own controlApp, which answers these very types.
    return answer as A
  }
}
