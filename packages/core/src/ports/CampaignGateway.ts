import { Context, type Effect, type Stream } from "effect"
import type { Campaign, CampaignId } from "../campaign/Campaign.ts"
import type { PauseReason, TargetState } from "../campaign/State.ts"
import type { GatewayError } from "../errors/errors.ts"

/** A change that was decided, for the adapter to put on its wire. */
export interface Change {
  readonly target: TargetState
  readonly pauseReason?: PauseReason
  /** Whether running calls may end by themselves; false asks for an abrupt stop where the contract has one. */
  readonly drain: boolean
  /** Whether a completed list may be dialled again from its first record. */
  readonly restart: boolean
}

/** What became of a change that was sent, or that needed no sending. */
export interface Applied {
  /** The campaign as the reply showed it, or as it was read where nothing had to be sent. */
  readonly campaign: Campaign
  /** Whether a write left for Genesys. False where the ledger's disposition alone makes the change. */
  readonly wrote: boolean
  /** Sentences for the caller, such as that the platform always drains. */
  readonly warnings: ReadonlyArray<string>
}

/** Which campaigns to list. Everything absent: all of them. */
export interface CampaignFilter {
  readonly ids?: ReadonlyArray<CampaignId>
  /** Campaigns whose name begins so, without regard to case. */
  readonly namePrefix?: string
  readonly divisionIds?: ReadonlyArray<string>
  readonly queueId?: string
  /** Pages to leave out at the beginning, without requesting them. It means nothing together with ids. */
  readonly skipPages?: number
  /**
   * Whether a campaign that cannot be read leaves the others of its page readable: for the panic stop.
   * Everybody else must not take a list for whole that is not, so that its page fails.
   */
  readonly passUnreadable?: true
}

/** One page of a list, with the number of campaigns in all pages where the API says it. */
export interface CampaignPage {
  readonly campaigns: ReadonlyArray<Campaign>
  readonly total?: number
  /** Campaigns that were there and could not be read, by their ids where those could, and why the first could not. */
  readonly unreadable?: { readonly ids: ReadonlyArray<CampaignId>; readonly error: GatewayError }
}

/** What a contract can and cannot show. */
export interface GatewayCapabilities {
  readonly contract: "platform" | "etag" | "memory"
  /** Whether a campaign that drains is shown as draining. */
  readonly showsDrain: boolean
  /** Whether completed and archived are shown by the API, so that the ledger need not remember them. */
  readonly showsDispositions: boolean
  /** The division that an archived campaign is moved to, where the adapter moves it. */
  readonly archiveDivision?: string
  /** Whether a pause can end running calls at once. */
  readonly abruptPause: boolean
}

/** Reads and changes campaigns. Every operation has a deadline of its own and may be interrupted. */
export class CampaignGateway extends Context.Service<
  CampaignGateway,
  {
    readonly capabilities: GatewayCapabilities
    readonly get: (id: CampaignId) => Effect.Effect<Campaign, GatewayError>
    /** Pages in the API's order. A page is requested only when the stream is pulled for it. */
    readonly list: (filter: CampaignFilter) => Stream.Stream<CampaignPage, GatewayError>
    /**
     * Sends the change under the lock token of the campaign that is passed. Never reads first,
     * never retries a write. `GenesysUnavailable` means that the change may have been applied.
     * A start waits for nothing: where it cannot be sent within a second it fails with `RateLimited`,
     * because agents, calling window and halts were judged for this moment.
     */
    readonly apply: (campaign: Campaign, change: Change) => Effect.Effect<Applied, GatewayError>
    /**
     * Tells a campaign to stop, whatever its lock: for the panic stop, which has no time to read and
     * would not be kept from stopping by somebody else's edit. Never retries. The reason is for
     * contracts that ask for one.
     *
     * Success means that it was accepted, not that the campaign has stopped. A campaign that does not
     * dial is left as it is; that may be answered with success or with `LockConflict`.
     */
    readonly stop: (id: CampaignId, reason: PauseReason) => Effect.Effect<void, GatewayError>
    /** Calls still running, or undefined where the contract cannot tell. */
    readonly outstandingCalls: (id: CampaignId) => Effect.Effect<number | undefined, GatewayError>
  }
>()("@campaignctl/core/CampaignGateway") {}
