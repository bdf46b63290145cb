import { Clock, Effect } from "effect"
import type { Campaign, CampaignId } from "../campaign/Campaign.ts"
import type { Decision } from "../decision/decide.ts"
import type { AuditUnavailable } from "../errors/errors.ts"
import type { AuditEntry } from "../ledger/AuditEntry.ts"
import { AuditLog } from "../ports/AuditLog.ts"
import { type Observation, observationOf } from "./observe.ts"
import type { TransitionRequest } from "./TransitionRequest.ts"

/**
 * Milliseconds for which a listed campaign may end a run that writes nothing, where no lock token
 * would show that it has changed since: no longer than it takes to list a large organisation, fifty
 * pages of 100 at five requests a second.
 */
export const SEEN_FRESH_MS = 10_000

/** The campaign as the caller listed it, with what the ledger remembers; a pause does without the latter. */
export const observeSeen = Effect.fnUntraced(function* (
  seen: Campaign,
  target: TransitionRequest["target"]
): Effect.fn.Return<Observation, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  const last = yield* Effect.catchTag(ledger.lastApplied([seen.id]), "AuditUnavailable", (error) =>
    target === "paused" ? Effect.succeed(new Map<CampaignId, AuditEntry>()) : Effect.fail(error)
  )
  return observationOf(seen, last.get(seen.id))
})

/** Whether a decision on a listed campaign stands: it leads to a write under its lock, or the list is fresh. */
export const maySettle = (seen: Campaign, { outcome }: Decision): Effect.Effect<boolean> =>
  outcome === "allowed"
    ? Effect.succeed(true)
    : Effect.map(Clock.currentTimeMillis, (now) => now - seen.observedAt <= SEEN_FRESH_MS)
