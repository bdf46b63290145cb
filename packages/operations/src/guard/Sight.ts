import type { Campaign, CampaignState, CapacityFact, Unknown } from "@campaignctl/core"

/** The calling window of a campaign as it stands at one look. */
export type WindowSight =
  | {
      readonly _tag: "Open"
      /** Epoch milliseconds; absent where it never closes, or not within the horizon. */
      readonly closesAt?: number
    }
  | { readonly _tag: "Closed"; readonly opensAt?: number }
  | Unknown

/** The newest entry of the ledger that says what a campaign was seen in or brought to. */
export interface Word {
  readonly sequence: number
  readonly kind: "outcome" | "drift"
  /** In words for a note, such as "active by ada". */
  readonly says: string
  /** The lock under which the guard's own pause left the campaign; null where the word is not certainly one. */
  readonly pausedUnder: string | null
}

/** The guard would make nothing of the agents, as of a campaign that others have paused. */
export interface NotAsked {
  readonly _tag: "NotAsked"
}

/** Everything that one look tells of one campaign. */
export interface Sight {
  readonly campaign: Campaign
  /** Whether its lock was heard, so that the body is older than the lock and must not be sent back. */
  readonly heard: boolean
  /** From what Genesys shows and what the ledger remembers. */
  readonly state: CampaignState
  /** Whether the status is one that this version knows; any other may be one that dials. */
  readonly knownStatus: boolean
  /** Whether what Genesys shows contradicts the ledger's word. */
  readonly contradicted: boolean
  readonly word: Word | null
  /** `NotGathered` where the campaign needs no agents. */
  readonly agents: CapacityFact | NotAsked
  readonly minimumAgents: number
  readonly window: WindowSight
  /** The name of a halt that keeps it from being started. */
  readonly hold: string | null
  /** Instants of the guard's own pauses and resumes of it within the hour, epoch milliseconds. */
  readonly acts: ReadonlyArray<number>
  /** False where the look before is so long ago that nothing can be said of the time between. */
  readonly unbroken: boolean
}
