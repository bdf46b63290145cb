import { Context, type Effect } from "effect"
import type { CampaignId } from "../campaign/Campaign.ts"
import type { CampaignState } from "../campaign/State.ts"

/** A campaign for a suite to act on. */
export interface WorldCampaign {
  readonly name: string
  /** `active` unless it says otherwise. */
  readonly state?: WorldState
  /** Calls still running; none unless it says so. */
  readonly calls?: number
}

/** The states that another writer, or the dialer, can put a campaign into. */
export type WorldState = Exclude<CampaignState, "archived">

/** The ways in which a world can fail one request. */
export type WorldFault =
  /** 429 with `RATE_LIMIT_SECONDS` to wait. Nothing is applied. */
  | "rate-limited"
  /** A server's error. Nothing is applied. */
  | "server-error"
  /** The connection is lost before anything is applied. */
  | "lost-before"
  /** The change is applied, and then the connection is lost. */
  | "lost-after"
  /** The change is applied, and half of the reply arrives. */
  | "cut-short"
  /** A definite no: the change is not valid. */
  | "refused"
  | "permission-missing"

/** Which kind of request a fault waits for. */
export type WorldRequest = "get" | "list" | "apply" | "stop"

/** The wait that `rate-limited` asks for, in seconds. */
export const RATE_LIMIT_SECONDS = 2

/** One change that truly took effect, made through the gateway. */
export interface WorldWrite {
  readonly campaignId: string
}

/** What a suite does to the world behind a gateway. Every operation takes effect at once. */
export class GatewayWorld extends Context.Service<
  GatewayWorld,
  {
    readonly addCampaign: (campaign: WorldCampaign) => Effect.Effect<CampaignId>
    /** Changes the campaign as somebody else would, so that its lock changes too. */
    readonly setState: (id: CampaignId, state: WorldState) => Effect.Effect<void>
    /** Ends every running call; what drained has drained. */
    readonly endCalls: (id: CampaignId) => Effect.Effect<void>
    /** Fails the next request of the kind. */
    readonly failNext: (request: WorldRequest, fault: WorldFault) => Effect.Effect<void>
    /** The gateway's changes that took effect, oldest first; other writers' are not among them. */
    readonly writes: Effect.Effect<ReadonlyArray<WorldWrite>>
    /** How many requests about campaigns have arrived, failed ones included. */
    readonly requests: Effect.Effect<number>
  }
>()("@campaignctl/core/GatewayWorld") {}

/** What a suite does to the agents behind a capacity. */
export class CapacityWorld extends Context.Service<
  CapacityWorld,
  {
    /** A queue that now has exactly so many agents available. Each call gives another queue. */
    readonly queueWith: (
      agents: number
    ) => Effect.Effect<{ readonly id: string; readonly name: string }>
    /** Agents available on every queue, one by one. */
    readonly total: Effect.Effect<number>
    /** How many requests about agents have arrived, failed ones included. */
    readonly requests: Effect.Effect<number>
    readonly failNext: (
      fault: "rate-limited" | "server-error" | "permission-missing"
    ) => Effect.Effect<void>
  }
>()("@campaignctl/core/CapacityWorld") {}
