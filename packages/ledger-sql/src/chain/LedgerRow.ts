import { hash } from "node:crypto"
import { AuditEntry, entryText, type Sha256, tellsState } from "@campaignctl/core"
import { type Option, Schema } from "effect"

/** SHA-256 by the platform's one-shot call, the fastest that Node has. */
export const sha256: Sha256 = (text) => hash("sha256", text, "hex")

/** An integer as the database's driver gives it: eight bytes come as a bigint from PostgreSQL. */
export type Integer = number | bigint

/** One row of `ledger_entries`: the entry's text, and the fields by which it is searched. */
export interface LedgerRow {
  readonly sequence: number
  readonly id: string
  readonly campaign_id: string
  readonly division_id: string | null
  readonly timestamp: string
  readonly kind: string
  readonly outcome: string | null
  readonly requested_by: string
  readonly request_id: string | null
  readonly intent_id: string | null
  /** 1 where `AuditLog.lastApplied` may return the entry. */
  readonly tells_state: number
  /** The canonical JSON of the whole entry. */
  readonly body: string
  readonly hash: string
}

/** A row as it is read. */
export type StoredRow = Omit<LedgerRow, "sequence" | "tells_state"> & {
  readonly sequence: Integer
  readonly tells_state: Integer
}

/**
 * Text as a searched column holds it: as in JSON, without the quotes. Equal texts stay equal, names as
 * people write them stay as they are, and U+0000, which PostgreSQL has no text for, can be kept.
 */
export const columnText = (text: string): string => JSON.stringify(text).slice(1, -1)

/** The row of an entry. */
export const rowOf = (entry: AuditEntry): LedgerRow => ({
  sequence: entry.sequence,
  id: entry.id,
  campaign_id: columnText(entry.campaignId),
  division_id: entry.divisionId === null ? null : columnText(entry.divisionId),
  timestamp: entry.timestamp,
  kind: entry.kind,
  outcome: entry.outcome,
  requested_by: columnText(entry.requestedBy),
  request_id: entry.requestId === null ? null : columnText(entry.requestId),
  intent_id: entry.intentId,
  tells_state: tellsState(entry) ? 1 : 0,
  body: entryText(entry),
  hash: entry.hash
})

const decode = Schema.decodeUnknownOption(Schema.fromJsonString(AuditEntry))

/** The entry that a row's text holds; none where it is not one. */
export const entryOf = (body: string): Option.Option<AuditEntry> => decode(body)
