import { Context, type Effect } from "effect"
import type { CampaignId, LockToken } from "../campaign/Campaign.ts"

/** The ways in which the telling of changes can go wrong, apart from a connection that breaks. */
export type EventsDisturbance =
  /** The next change is told twice. */
  | "twice"
  /** The next two changes are told the later one first. */
  | "swapped"
  /** The next change is never told. */
  | "missed"

/** What a suite does to the world behind the events. Every operation takes effect at once. */
export class EventsWorld extends Context.Service<
  EventsWorld,
  {
    /** A campaign that is not dialling. */
    readonly addCampaign: (name: string) => Effect.Effect<CampaignId>
    /** Gives the campaign a status as somebody else would, and returns the lock that it has then. */
    readonly change: (id: CampaignId, status: string) => Effect.Effect<LockToken>
    readonly disturb: (disturbance: EventsDisturbance) => Effect.Effect<void>
    /** Breaks every connection once. Whoever comes back is let in. */
    readonly breakConnections: Effect.Effect<void>
  }
>()("@campaignctl/core/EventsWorld") {}
