import {
  type AuditEntry,
  AuditLog,
  type AuditUnavailable,
  type CampaignId,
  FLAP_WINDOW_MS
} from "@campaignctl/core"
import { Effect, Stream } from "effect"
import type { Word } from "./Sight.ts"

/** Who asks, as the audit records it. */
export const GUARD = "guard"

const byGuard = ({ requestedBy, source }: AuditEntry): boolean =>
  source === "guard" && requestedBy === GUARD

/**
 * What an entry says for the guard's purposes.
 *
 * A pause counts as the guard's own only where the campaign was dialling and Genesys itself confirmed
 * the write. One whose reply was lost, or that was settled after a crash, was read back: somebody
 * else may have paused the campaign in that very moment, and what a human paused is never resumed.
 * One of a campaign that was stopping already ended nothing.
 */
export const wordOf = (entry: AuditEntry | undefined): Word | null => {
  if (entry === undefined) return null
  const sure =
    byGuard(entry) &&
    entry.kind === "outcome" &&
    entry.outcome === "applied" &&
    entry.targetState === "paused" &&
    entry.currentState === "active" &&
    (entry.pauseReason === "COMPLIANCE" || entry.pauseReason === "AGENT_CAPACITY") &&
    entry.errorCode === null &&
    entry.errorDetails === null
  return {
    sequence: entry.sequence,
    kind: entry.kind === "drift" ? "drift" : "outcome",
    says: saying(entry),
    pausedUnder: sure ? entry.lockAfter : null
  }
}

const saying = ({ currentState, kind, requestedBy, targetState, timestamp }: AuditEntry): string =>
  kind === "drift"
    ? `${currentState ?? "a change"} by somebody else, seen at ${timestamp}`
    : `${targetState ?? "a change"} by ${requestedBy} at ${timestamp}`

/** Outcomes of changes that were certainly not made. */
const NOT_MADE: ReadonlySet<string | null> = new Set(["failed", "rejected", "already-there"])

/** Counts the guard's own pauses and resumes, by reading the ledger on from where it was read before. */
export interface Acts {
  /** Reads on, and forgets what is older than the hour. */
  readonly readOn: (now: number) => Effect.Effect<void, AuditUnavailable, AuditLog>
  /** Instants within the hour. */
  readonly of: (id: CampaignId) => ReadonlyArray<number>
}

interface Act {
  readonly intentId: string
  readonly at: number
}

/** An act counts from its intent on, so that one that ended in a crash counts too. */
export const makeActs = (): Acts => {
  const acts = new Map<string, ReadonlyArray<Act>>()
  let readUpTo: number | undefined

  const take = (entry: AuditEntry): void => {
    readUpTo = Math.max(readUpTo ?? 0, entry.sequence)
    if (!byGuard(entry)) return
    const known = acts.get(entry.campaignId) ?? []
    if (entry.kind === "intent")
      acts.set(entry.campaignId, [
        ...known,
        { intentId: entry.id, at: Date.parse(entry.timestamp) }
      ])
    else if (
      entry.kind === "outcome" &&
      (NOT_MADE.has(entry.outcome) || (entry.outcome === "recovered" && !entry.success))
    )
      acts.set(
        entry.campaignId,
        known.filter(({ intentId }) => intentId !== entry.intentId)
      )
  }

  return {
    readOn: Effect.fnUntraced(function* (now) {
      const ledger = yield* AuditLog
      const since = new Date(now - FLAP_WINDOW_MS).toISOString()
      yield* ledger
        .query({
          requestedBy: GUARD,
          ...(readUpTo === undefined ? { since } : { afterSequence: readUpTo })
        })
        .pipe(Stream.runForEach((entry) => Effect.sync(() => take(entry))))
      for (const [id, known] of acts) {
        const recent = known.filter(({ at }) => at > now - FLAP_WINDOW_MS)
        if (recent.length === 0) acts.delete(id)
        else acts.set(id, recent)
      }
    }),
    of: (id) => (acts.get(id) ?? []).map(({ at }) => at)
  }
}
