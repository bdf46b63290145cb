import { CampaignState } from "@campaignctl/core"
import { Schema } from "effect"

const Instant = Schema.Number

/** A pause of the guard's own, and the lock token by which it knows that nobody touched the campaign since. */
export const Claim = Schema.Struct({
  /** Of the pause in the ledger. */
  sequence: Schema.Int,
  lock: Schema.String,
  /** Calls were running when it was last seen: their end may change the lock once. */
  draining: Schema.Boolean,
  /** Somebody touched the campaign, or asked for it to stay as it is. It is not the guard's any more. */
  touched: Schema.Boolean
})
export type Claim = typeof Claim.Type

/** A change that was made elsewhere. */
export const Drift = Schema.Struct({
  kind: Schema.Literals(["start", "stop"]),
  at: Instant,
  lock: Schema.String,
  /** Of the ledger's word that it contradicts; 0 where there was none. */
  sequence: Schema.Int
})
export type Drift = typeof Drift.Type

/** What the guard did last, and what came of it. */
const LastAct = Schema.Struct({
  act: Schema.Literals(["pause", "resume"]),
  at: Instant,
  result: Schema.String
})

/** What the guard remembers of one campaign from look to look. Instants are epoch milliseconds. */
export const GuardMemory = Schema.Struct({
  /** The state before anything that contradicts the ledger. */
  baseline: Schema.NullOr(CampaignState),
  /** Since when it has been dialling with too few agents. */
  shortSince: Schema.NullOr(Instant),
  /** Since when it has been dialling with a window that could not be learned. */
  unknownSince: Schema.NullOr(Instant),
  /** Since when the window and the agents have both been right. */
  fitSince: Schema.NullOr(Instant),
  claim: Schema.NullOr(Claim),
  /** What looked like a change made elsewhere, until a second look shows the same. */
  suspect: Schema.NullOr(Schema.Struct({ sequence: Schema.Int })),
  drift: Schema.NullOr(Drift),
  /** After something went wrong: not to be tried again before. */
  notBefore: Instant,
  last: Schema.NullOr(LastAct)
})
export type GuardMemory = typeof GuardMemory.Type

/** Of a campaign that is seen for the first time. */
export const newMemory: GuardMemory = {
  baseline: null,
  shortSince: null,
  unknownSince: null,
  fitSince: null,
  claim: null,
  suspect: null,
  drift: null,
  notBefore: 0,
  last: null
}
