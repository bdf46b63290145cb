import { Schema } from "effect"
import { HoldScope } from "./HoldScope.ts"

/** A halt that holds: no campaign in its scope is started until it is lifted by name. */
export const Hold = Schema.Struct({
  name: Schema.String,
  scope: HoldScope,
  raisedBy: Schema.String,
  /** ISO 8601 in UTC, milliseconds. */
  raisedAt: Schema.String,
  /** Why, for a person. */
  reason: Schema.String
})
export type Hold = typeof Hold.Type
