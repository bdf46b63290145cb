import { CampaignId, CampaignState } from "@campaignctl/core"
import { Schema } from "effect"
import type { OperationId } from "./Operation.ts"

/** What has come of one campaign of an operation; the words of `OperationCounts`. */
export const ItemStatus = Schema.Literals([
  "pending",
  "running",
  "draining",
  "applied",
  "already-there",
  "rejected",
  "failed",
  "unknown",
  "skipped"
])
export type ItemStatus = typeof ItemStatus.Type

/** One campaign of an operation. */
export const OperationItem = Schema.Struct({
  /** From 1, in the order in which they are changed. */
  position: Schema.Int,
  campaignId: CampaignId,
  name: Schema.String,
  divisionId: Schema.NullOr(Schema.String),
  /** When the operation selected it; null for an id that was named and that no campaign has. */
  stateBefore: Schema.NullOr(CampaignState),
  status: ItemStatus,
  stateAfter: Schema.NullOr(CampaignState),
  errorCode: Schema.NullOr(Schema.String),
  /** A sentence for a person. */
  detail: Schema.NullOr(Schema.String),
  /** Of the outcome in the ledger. */
  auditSequence: Schema.NullOr(Schema.Int),
  /** Writes that were sent to Genesys. */
  attempts: Schema.Int,
  /** ISO 8601 in UTC, milliseconds. */
  finishedAt: Schema.NullOr(Schema.String)
})
export type OperationItem = typeof OperationItem.Type

/** What the ledger calls the change of one campaign by one operation. */
export const requestIdOf = (operationId: OperationId, campaignId: CampaignId): string =>
  `${operationId}:${campaignId}`
