import type { Hold } from "../holds/Hold.ts"
import type { LocalWindowState } from "../window/CallingWindow.ts"

/** A fact that the decision did not need, so that nobody asked for it. */
export interface NotGathered {
  readonly _tag: "NotGathered"
}
/** The fact that nobody asked for. */
export const notGathered: NotGathered = { _tag: "NotGathered" }

/** A fact that was needed and could not be learned. */
export interface Unknown {
  readonly _tag: "Unknown"
  /** Why, as the end of a sentence: no secret, no raw error. */
  readonly why: string
}
/** A fact that could not be learned, with the reason. */
export const unknown = (why: string): Unknown => ({ _tag: "Unknown", why })

/** Agents who could take a call now, on the queues that were asked about. */
export interface AgentsAvailable {
  readonly _tag: "AgentsAvailable"
  /** Agents, not below zero. */
  readonly available: number
  /** The queue's name or id, or "all queues". */
  readonly of: string
}
/** What is known of the agents. */
export type CapacityFact = AgentsAvailable | Unknown | NotGathered

/** The calling window judged at one instant, zone by zone. */
export interface WindowJudged {
  readonly _tag: "WindowJudged"
  readonly open: boolean
  readonly zones: ReadonlyArray<LocalWindowState>
  /** For a closed window: epoch milliseconds at which all zones will next be open; absent where that is too far off to be found. */
  readonly opensAt?: number
}
/** What is known of the calling window. */
export type WindowFact = WindowJudged | Unknown | NotGathered

/** How many campaigns are on, where the count was at hand. */
export interface SlotsCounted {
  readonly _tag: "SlotsCounted"
  /** Campaigns that are on, stopping or force-stopping, in the whole organisation, with those in `started`. */
  readonly inUse: number
  /** Of these, how many the same work counts as started since it counted. Absent where the count is of now. */
  readonly started?: number
}
/** What is known of the campaigns that are on. */
export type SlotsFact = SlotsCounted | Unknown | NotGathered

/** The halts that hold, of whatever scope. */
export interface HoldsRead {
  readonly _tag: "HoldsRead"
  readonly holds: ReadonlyArray<Hold>
}
/** What is known of the halts that hold. */
export type HoldsFact = HoldsRead | Unknown | NotGathered
