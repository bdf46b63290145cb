import { Schema } from "effect"
import { CampaignId } from "../campaign/Campaign.ts"

/**
 * The campaigns that a hold is about: those that fit every part that is present. Without any part it
 * is every campaign; a part that is empty fits none.
 *
 * A campaign's state is no part of it: what a halt stopped must not leave its hold by being stopped.
 */
export const HoldScope = Schema.Struct({
  ids: Schema.optionalKey(Schema.Array(CampaignId)),
  divisionIds: Schema.optionalKey(Schema.Array(Schema.String)),
  queueIds: Schema.optionalKey(Schema.Array(Schema.String)),
  /** With `*` for any characters and `?` for one, without regard to case. */
  namePattern: Schema.optionalKey(Schema.String)
})
export type HoldScope = typeof HoldScope.Type
