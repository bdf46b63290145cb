import { AuditKind, AuditOutcome, type AuditQuery } from "@campaignctl/core"
import { Schema } from "effect"
import { boundTo, type Caller } from "../callers/Caller.ts"

/** An instant in ISO 8601 with its zone, so that everybody reads it alike. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:\d{2})$/
const Instant = Schema.String.check(
  Schema.isPattern(INSTANT, {
    expected: "an instant such as 2026-11-23T09:00:00Z, with Z or an offset"
  }),
  Schema.makeFilter((text: string) => !Number.isNaN(Date.parse(text)), {
    expected: "an instant that exists"
  })
)
/** Longest name of who asked, in characters: as long as an e-mail address may be. Source: RFC 5321. */
const LONGEST_NAME = 254

/** PostgreSQL takes no text with a NUL, not even to compare with. */
const NO_NUL = /^[^\0]*$/

/** What entries can be chosen by. */
export const filterFields = {
  campaignId: Schema.optionalKey(Schema.String.check(Schema.isUUID())),
  kind: Schema.optionalKey(AuditKind),
  outcome: Schema.optionalKey(AuditOutcome),
  requestedBy: Schema.optionalKey(
    Schema.String.check(
      Schema.isPattern(NO_NUL, { expected: "a text without a NUL" }),
      Schema.isMaxLength(LONGEST_NAME)
    )
  ),
  since: Schema.optionalKey(Instant.annotate({ description: "From this instant on; ISO 8601." })),
  until: Schema.optionalKey(Instant.annotate({ description: "Before this instant; ISO 8601." }))
} as const

const Filters = Schema.Struct(filterFields)
type Filters = typeof Filters.Type

/** The ledger's query for what a caller asks and may see. */
export const queryOf = (
  { campaignId, kind, outcome, requestedBy, since, until }: Filters,
  caller: Caller
): AuditQuery => ({
  ...boundTo(caller),
  ...(campaignId === undefined ? {} : { campaignId: campaignId.toLowerCase() }),
  ...(kind === undefined ? {} : { kind }),
  ...(outcome === undefined ? {} : { outcome }),
  ...(requestedBy === undefined ? {} : { requestedBy }),
  ...(since === undefined ? {} : { since }),
  ...(until === undefined ? {} : { until })
})
