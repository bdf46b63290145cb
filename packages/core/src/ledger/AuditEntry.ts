import { Schema } from "effect"
import { CampaignState, PauseReason, TargetState } from "../campaign/State.ts"
import { LockToken } from "../campaign/Campaign.ts"
import { HoldScope } from "../holds/HoldScope.ts"
import { Verdict } from "../guards/Verdict.ts"

/** Where a request came from. */
export const AuditSource = Schema.Literals([
  "cli",
  "http",
  "schedule",
  "guard",
  "library",
  "watch",
  "webhooks"
])
export type AuditSource = typeof AuditSource.Type

/**
 * What an entry is about. `drift` is a change that was made elsewhere; `observed` is one that nobody
 * asked for just then: the calls of a drain have ended, a list ran out, Genesys found a campaign invalid.
 * `delivery` is a message that was sent to another system. `halt-raised`, `halt-lifted`,
 * `fleet-finished` and `rules-changed`, a change of schedules or of campaigns' own windows and minimums
 * of agents, are about no single campaign, see `NO_SINGLE_CAMPAIGN`.
 */
export const AuditKind = Schema.Literals([
  "intent",
  "outcome",
  "rejection",
  "drift",
  "observed",
  "delivery",
  "halt-raised",
  "halt-lifted",
  "fleet-finished",
  "rules-changed"
])
export type AuditKind = typeof AuditKind.Type

/**
 * - `applied`: Genesys showed the target afterwards
 * - `already-there`: nothing was written, the campaign was in the target already
 * - `rejected`: a guard refused
 * - `failed`: Genesys gave a definite no, or the retries ended before any write could have landed
 * - `unknown`: it could not be learned whether the change was made
 * - `recovered`: an earlier run's intent, settled by reading the campaign back
 */
export const AuditOutcome = Schema.Literals([
  "applied",
  "already-there",
  "rejected",
  "failed",
  "unknown",
  "recovered"
])
export type AuditOutcome = typeof AuditOutcome.Type

/** The `campaignId` of an entry that is about no single campaign. No campaign has it: theirs are UUIDs. */
export const NO_SINGLE_CAMPAIGN = "*"

/** How a fleet of changes ended. */
export const FleetFinished = Schema.Struct({
  operationId: Schema.String,
  status: Schema.Literals(["succeeded", "partial", "failed", "cancelled"]),
  targetState: TargetState,
  /** Campaigns by what came of them, in the words of the operation's items. */
  campaigns: Schema.Record(Schema.String, Schema.Int)
})
export type FleetFinished = typeof FleetFinished.Type

/** What by which campaigns are changed or judged from then on, and how it was before. */
export const RulesChanged = Schema.Struct({
  what: Schema.Literals([
    "schedule-added",
    "schedule-replaced",
    "schedule-removed",
    "policies-applied"
  ]),
  /** The schedule's name; for policies, that of the file which keeps them. */
  name: Schema.String,
  /**
   * Canonical JSON: the schedule, or the campaigns' own windows and minimums of agents by campaign. Absent
   * where there was nothing. One that is too long is cut, and ends with its length and SHA-256.
   */
  before: Schema.optionalKey(Schema.String),
  /** The same of what there is now. */
  after: Schema.optionalKey(Schema.String)
})
export type RulesChanged = typeof RulesChanged.Type

/** What became of one message to another system. */
export const Delivery = Schema.Struct({
  subscriptionId: Schema.String,
  /** Where it was sent to: scheme, host and port. The rest of the address may be a secret. */
  receiver: Schema.String,
  eventId: Schema.String,
  eventType: Schema.String,
  /** The ledger sequence of the entry that the message tells of. */
  eventSequence: Schema.Int,
  /** The HTTP status that the receiver answered last; null where there was no answer. */
  status: Schema.NullOr(Schema.Int)
})
export type Delivery = typeof Delivery.Type

/** What a writer knows of an entry; the ledger adds id, sequence, timestamp and hashes. */
export const AuditDraft = Schema.Struct({
  /** A UUID, or `NO_SINGLE_CAMPAIGN`. */
  campaignId: Schema.String,
  /** For a halt: its name. For changed rules: the name of the schedule or of the file. */
  campaignName: Schema.String,
  /** The campaign's division when the entry was written; null where it was not known. */
  divisionId: Schema.NullOr(Schema.String),
  /** The state before a change; for drift and what was observed, the state now. Null where the entry is about no single campaign. */
  currentState: Schema.NullOr(CampaignState),
  targetState: Schema.NullOr(TargetState),
  pauseReason: Schema.NullOr(PauseReason),
  note: Schema.NullOr(Schema.String),
  requestedBy: Schema.String,
  source: AuditSource,
  kind: AuditKind,
  /** Null for an intent and for drift. */
  outcome: Schema.NullOr(AuditOutcome),
  success: Schema.Boolean,
  /** Writes that were sent to Genesys. */
  attempts: Schema.Int,
  /** Milliseconds from the request to this entry, on a monotonic clock. */
  latencyMs: Schema.Int,
  verdicts: Schema.Array(Verdict),
  lockBefore: Schema.NullOr(LockToken),
  lockAfter: Schema.NullOr(LockToken),
  errorCode: Schema.NullOr(Schema.String),
  errorDetails: Schema.NullOr(Schema.String),
  traceId: Schema.NullOr(Schema.String),
  /** What the caller calls the request, so that its entries can be found again after a crash. */
  requestId: Schema.NullOr(Schema.String),
  governanceLevel: Schema.String,
  /** For an outcome: the id of the intent that it settles. */
  intentId: Schema.NullOr(Schema.String),
  /** For a halt alone: the campaigns that it holds. Entries of other kinds do not have the field at all. */
  holdScope: Schema.optionalKey(HoldScope),
  /** For an outcome with success: the state that the campaign was seen in afterwards. */
  stateAfter: Schema.optionalKey(CampaignState),
  /** For drift and what was observed: the state before, where it is known. */
  previousState: Schema.optionalKey(CampaignState),
  /** For a fleet that has finished alone. */
  fleet: Schema.optionalKey(FleetFinished),
  /** For a delivery alone. */
  delivery: Schema.optionalKey(Delivery),
  /** For changed rules alone. */
  rules: Schema.optionalKey(RulesChanged)
})
export type AuditDraft = typeof AuditDraft.Type

/** One line of the ledger. Its `hash` is SHA-256 over the canonical JSON of all the other fields. */
export const AuditEntry = Schema.Struct({
  ...AuditDraft.fields,
  /** UUID v7. */
  id: Schema.String,
  /** From 1, without gaps. */
  sequence: Schema.Int,
  /** ISO 8601 in UTC, milliseconds. */
  timestamp: Schema.String,
  /** The hash of the entry before; 64 zeros for the first. */
  previousHash: Schema.String,
  hash: Schema.String,
  /**
   * For an outcome alone, where the one of a change that came after it was recorded first: the sequence
   * of that entry, which tells the campaign's state instead.
   */
  overtakenBy: Schema.optionalKey(Schema.Int)
})
export type AuditEntry = typeof AuditEntry.Type

/** The `previousHash` of the first entry. */
export const GENESIS_HASH = "0".repeat(64)
