import { Effect, Stream } from "effect"
import type { AuditUnavailable } from "../errors/errors.ts"
import { openIntents } from "../ledger/openIntents.ts"
import { tellsState } from "../ledger/tellsState.ts"
import { AuditLog } from "../ports/AuditLog.ts"

/** Entries of the campaign that are read back: more than are written between two looks at it. */
const ENTRIES_BACK = 100

/**
 * What accounts for a campaign that is not as the ledger last told.
 *
 * `told`: the ledger has had word of it since. `under way`: one of us has begun to change it, and its
 * outcome is not there yet. `nobody`: none of us, so it was changed elsewhere.
 */
export type Account = "told" | "under way" | "nobody"

/**
 * Finds out whether one of us is behind what a campaign shows. Certain where the campaign was read before
 * this is asked: every intent is durable before its write is sent, so a write of ours that shows has
 * its intent in the ledger, open or with an outcome.
 */
export const accountFor = Effect.fnUntraced(function* (
  campaignId: string,
  /** The entry that the campaign contradicts; 0 where there is none. */
  sequence: number,
  /** The asker's own intent, which accounts for nothing. */
  ownIntentId?: string
): Effect.fn.Return<Account, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  const newest = yield* Stream.runCollect(
    ledger.query({ campaignId, newestFirst: true, limit: ENTRIES_BACK })
  )
  if (newest.some((entry) => tellsState(entry) && entry.sequence > sequence)) return "told"
  return openIntents(newest).some(({ id }) => id !== ownIntentId) ? "under way" : "nobody"
})
