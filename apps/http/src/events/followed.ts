import {
  type AuditEntry,
  AuditLog,
  type AuditQuery,
  type AuditUnavailable
} from "@campaignctl/core"
import { Effect, Stream } from "effect"
import type { Followed } from "./eventStream.ts"
import { newestEntry } from "./newestEntry.ts"

/** Entries in one look, and all that is held for a reader who does not read. */
const BATCH = 200

/** What a client wants to follow. */
export interface Following {
  /** What keeps the caller to their divisions. */
  readonly query: AuditQuery
  /** The sequence that the client saw last. */
  readonly seen: number | undefined
  /** The newest sequence that the caller may see. */
  readonly newest: number
}

const eventText = (entry: AuditEntry): string =>
  `id: ${entry.sequence}\nevent: ${entry.kind}\ndata: ${JSON.stringify(entry)}\n\n`

const resetText = (newest: number): string =>
  `id: ${newest}\nevent: reset\ndata: ${JSON.stringify({ newest })}\n\n`

/**
 * The ledger's entries from what the client saw last, or from now on. The place is the sequence up to
 * which everything was sent, or is not the caller's.
 *
 * A client that saw more than there is followed another ledger, or this one before it was restored
 * from a copy: it is told so, and gets what comes from now on. A restored ledger that has grown past
 * what the client saw cannot be told from one that merely went on.
 */
export const followed = ({
  newest,
  query,
  seen
}: Following): Followed<number, AuditUnavailable, AuditLog> => {
  const isAhead = seen !== undefined && seen > newest
  return {
    first: seen === undefined || isAhead ? newest : seen,
    opening: isAhead ? resetText(newest) : "",
    look: Effect.fnUntraced(function* (after) {
      const end = yield* newestEntry
      if (end <= after) return { text: undefined, place: after }
      const ledger = yield* AuditLog
      const entries = yield* Stream.runCollect(
        ledger.query({ ...query, afterSequence: after, limit: BATCH })
      )
      const last = entries.at(-1)
      return last === undefined
        ? // All of them are others': they are not looked through again.
          { text: undefined, place: end }
        : { text: entries.map(eventText).join(""), place: last.sequence }
    })
  }
}
