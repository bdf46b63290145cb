import { AuditKind, AuditOutcome, type AuditQuery, type RequestInvalid } from "@campaignctl/core"
import { Clock, Effect } from "effect"
import { campaignIds } from "../arguments/campaignIds.ts"
import { parseDuration } from "../arguments/duration.ts"
import { Problems } from "../arguments/Problems.ts"

/** Options that choose audit entries. */
export interface AuditQueryOptions {
  readonly campaign?: string
  readonly since?: string
  readonly until?: string
  readonly outcome?: string
  readonly kind?: string
  readonly by?: string
  readonly limit?: string
}

const INSTANT_FORMS =
  "an instant such as 2026-11-23T09:00:00Z, a date such as 2026-11-23 (UTC), or a duration ago such as 90s, 5m or 72h"

/** The longest time ago that is looked back to, in milliseconds: ten years, longer than audits are kept. */
const LONGEST_AGO_MS = 315_360_000_000

/** A date, or a date and a time with its offset: a time without one would mean something else on every machine. */
const INSTANT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** Whether the calendar has the day. `Date.parse` takes the 30th of February for the 2nd of March. */
const isDay = (day: string): boolean => {
  const at = Date.parse(day)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day)
}

const dateAt = (text: string): number =>
  INSTANT.test(text) && isDay(text.slice(0, "YYYY-MM-DD".length)) ? Date.parse(text) : Number.NaN

const instantOf =
  (now: number) =>
  (text: string): string | undefined => {
    const ago = parseDuration(text, LONGEST_AGO_MS)
    const at = ago === undefined ? dateAt(text) : now - ago
    return Number.isNaN(at) ? undefined : new Date(at).toISOString()
  }

/** The largest number of entries that one list shows; an export has no such limit. */
const LARGEST_LIMIT = 100_000

/** Checks the options that choose entries. Lists everything that is wrong with them at once. */
export const auditQuery = Effect.fnUntraced(function* (
  options: AuditQueryOptions
): Effect.fn.Return<AuditQuery, RequestInvalid> {
  const problems = new Problems()
  const toInstant = instantOf(yield* Clock.currentTimeMillis)
  const { by, campaign, kind, limit, outcome, since, until } = options
  const [campaignId] = campaign === undefined ? [] : campaignIds([campaign], problems, "--campaign")
  const found = {
    campaignId,
    since:
      since === undefined ? since : problems.parsed("--since", INSTANT_FORMS, since, toInstant),
    until:
      until === undefined ? until : problems.parsed("--until", INSTANT_FORMS, until, toInstant),
    outcome:
      outcome === undefined
        ? outcome
        : problems.choice("--outcome", AuditOutcome.literals, outcome),
    kind: kind === undefined ? kind : problems.choice("--kind", AuditKind.literals, kind),
    requestedBy: by,
    limit:
      limit === undefined
        ? limit
        : problems.whole("--limit", limit, { least: 1, most: LARGEST_LIMIT })
  }
  yield* problems.check
  // Every value is what its name in AuditQuery asks for; those that are absent are left out.
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined)
  ) as AuditQuery
})
