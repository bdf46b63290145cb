import { AuditKind, AuditOutcome, CampaignId, LockToken, type RawRequest } from "@campaignctl/core"
import { Schema } from "effect"
import type { Field } from "./Arguments.ts"

/** Longest name of who asks, in characters: as long as an e-mail address may be. Source: RFC 5321. */
const NAME_LIMIT = 254
/** Milliseconds in a day: longer than any call lasts, and a delay that timers can hold. */
const LONGEST_WAIT_MS = 86_400_000

/** Milliseconds that `awaitDrain` waits unless told otherwise: longer than most calls last. */
export const DEFAULT_DRAIN_TIMEOUT_MS = 600_000

const line = (limit: number) =>
  Schema.String.check(
    Schema.isPattern(/^[^\p{Cc}]*[^\s\p{Cc}][^\p{Cc}]*$/u),
    Schema.isMaxLength(limit)
  )

const instant = Schema.String.check(
  Schema.isPattern(/^\d{4}-\d{2}-\d{2}(T[\d:.,]+(Z|[+-]\d{2}:?\d{2})?)?$/),
  Schema.makeFilter((text: string) => !Number.isNaN(Date.parse(text)))
)
const instantField: Field<string> = { schema: instant, expected: "an ISO 8601 instant" }
const flag: Field<boolean> = { schema: Schema.Boolean, expected: "true or false" }
const count: Field<number> = {
  schema: Schema.Int.check(Schema.isGreaterThanOrEqualTo(0)),
  expected: "a whole number, 0 or more"
}
const name: Field<string> = {
  schema: line(NAME_LIMIT),
  expected: `one line of text of 1 to ${NAME_LIMIT} characters`
}
const divisions = {
  schema: Schema.Array(line(NAME_LIMIT)),
  expected: "a list of division ids"
} satisfies Field

const lowerCase = (value: unknown): unknown =>
  typeof value === "string" ? value.trim().toLowerCase() : value

export const campaignIdField = {
  schema: CampaignId,
  expected: "a campaign id (UUID)",
  normalize: lowerCase
} satisfies Field

/** What every call takes. */
export const callFields = {
  signal: { schema: Schema.instanceOf(AbortSignal), expected: "an AbortSignal" }
} satisfies Record<string, Field>

/** The options of a transition that core's `parseRequest` checks. */
export const transitionRequestFields = [
  "note",
  "overrides",
  "restart",
  "drain"
] as const satisfies ReadonlyArray<keyof RawRequest>

/** The options of an explanation that core's `parseRequest` checks. */
export const explainRequestFields = [
  "overrides",
  "restart",
  "pauseReason"
] as const satisfies ReadonlyArray<keyof RawRequest>

/** The options of a transition that are the manager's own. */
export const transitionFields = {
  ...callFields,
  requestedBy: name,
  requestId: name,
  expectedLock: { schema: LockToken, expected: "the lock of the campaign, as text" }
} satisfies Record<string, Field>

export const drainFields = {
  ...callFields,
  timeoutMs: {
    schema: Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: LONGEST_WAIT_MS })),
    expected: `milliseconds, 0 to ${LONGEST_WAIT_MS}`
  }
} satisfies Record<string, Field>

export const listFields = {
  ids: {
    schema: Schema.Array(CampaignId),
    expected: "a list of campaign ids (UUIDs)",
    normalize: (value: unknown) => (Array.isArray(value) ? value.map(lowerCase) : value)
  },
  namePrefix: name,
  divisionIds: divisions,
  queueId: name
} satisfies Record<string, Field>

export const auditFields = {
  campaignId: campaignIdField,
  since: instantField,
  until: instantField,
  outcome: { schema: AuditOutcome, expected: AuditOutcome.literals.join(", ") },
  kind: { schema: AuditKind, expected: AuditKind.literals.join(", ") },
  requestedBy: name,
  requestId: name,
  divisionIds: divisions,
  afterSequence: count,
  beforeSequence: count,
  newestFirst: flag,
  limit: count
} satisfies Record<string, Field>
