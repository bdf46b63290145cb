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

/**
 * Milliseconds by which a change may be older than a list's receipt and not be in it: a request takes
 * 16 s at most, the official SDK's own limit, and the clocks of two processes differ by less than the rest.
 */
const LIST_LAG_MS = 20_000

/** Whether the ledger was told of the campaign after it was listed, or so shortly before that the list may not show it. */
const isOutdated = (seen: Campaign, { lockAfter, lockBefore, timestamp }: AuditEntry): boolean =>
  (lockAfter ?? lockBefore) !== seen.lock && Date.parse(timestamp) > seen.observedAt - LIST_LAG_MS

/**
 * The campaign as the caller listed it, with what the ledger remembers; a pause does without the latter.
 * Undefined where one of us has changed it since: the list would look like somebody else's change, and
 * a write under its lock would only be refused.
 */
export const observeSeen = Effect.fnUntraced(function* (
  seen: Campaign,
  target: TransitionRequest["target"]
): Effect.fn.Return<Observation | undefined, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  const last = yield* Effect.catchTag(ledger.lastApplied([seen.id]), "AuditUnavailable", (error) =>
    target === "paused" ? Effect.succeed(new Map<CampaignId, AuditEntry>()) : Effect.fail(error)
  )
  const word = last.get(seen.id)
  return word !== undefined && isOutdated(seen, word) ? undefined : observationOf(seen, word)
})

/** Whether a decision on a listed campaign stands: it leads to a write under its lock, or the list is fresh. */
export const maySettle = (seen: Campaign, { outcome }: Decision): Effect.Effect<boolean> =>
  outcome === "allowed"
    ? Effect.succeed(true)
    : Effect.map(Clock.currentTimeMillis, (now) => now - seen.observedAt <= SEEN_FRESH_MS)
