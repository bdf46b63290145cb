import { Context, type Effect, Schema, type Stream } from "effect"
import { CampaignId, LockToken } from "../campaign/Campaign.ts"

/** One campaign as an event told of it. */
export const CampaignSeen = Schema.Struct({
  id: CampaignId,
  /** Absent where the event did not say. */
  name: Schema.optionalKey(Schema.String),
  divisionId: Schema.optionalKey(Schema.String),
  queueId: Schema.optionalKey(Schema.String),
  /** In the words of the wire contract; may be one that we do not know. */
  status: Schema.String,
  /**
   * The lock token that the campaign had then. Events come twice and out of order: one whose token is
   * older than another's tells nothing new. Tokens of the platform contract are whole numbers.
   */
  lock: LockToken,
  /** Epoch milliseconds at which the event was received. */
  receivedAt: Schema.Number
})
export type CampaignSeen = typeof CampaignSeen.Type

/**
 * What is heard without asking.
 *
 * - `Seen`: a campaign was changed, or told of again. At most once, perhaps twice, in any order.
 * - `Covered`: from now on these campaigns are heard of. What happened before must be listed.
 * - `Lost`: these are not heard of any more, until they are covered again, and `why`, in a sentence.
 */
export type CampaignNews =
  | { readonly _tag: "Seen"; readonly campaign: CampaignSeen }
  | { readonly _tag: "Covered"; readonly ids: ReadonlyArray<CampaignId> }
  | { readonly _tag: "Lost"; readonly ids: ReadonlyArray<CampaignId>; readonly why: string }

/**
 * Changes of campaigns as Genesys tells them, whoever made them. Delivery is at most once: what hears
 * of changes reconciles by a list after every `Covered`, and from time to time.
 *
 * Connections that break, channels that expire and servers that close are the adapter's business: it
 * comes back by itself, with growing pauses, for as long as it lives, and says `Lost` and `Covered`.
 */
export class CampaignEvents extends Context.Service<
  CampaignEvents,
  {
    /** False where the contract has no such thing: then nothing is ever heard. */
    readonly available: boolean
    /** Hears of exactly these campaigns from now on; asked again with others, it changes only what differs. */
    readonly follow: (ids: ReadonlyArray<CampaignId>) => Effect.Effect<void>
    /** What is heard, from the first pull on. For one reader at a time; it neither ends nor fails. */
    readonly news: Stream.Stream<CampaignNews>
  }
>()("@campaignctl/core/CampaignEvents") {}
