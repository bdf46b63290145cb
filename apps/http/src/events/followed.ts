import {
  type AuditEntry,
  AuditLog,
  type AuditQuery,
  type AuditUnavailable
} from "@campaignctl/core"
import { Effect, Stream } from "effect"
import { elapsedMs } from "../routes/elapsedMs.ts"
import { newestEntry } from "./newestEntry.ts"

/** Milliseconds between two looks at the ledger: other processes append to it too, and do not tell. */
const POLL_MS = 500
/** Milliseconds of silence after which a comment is sent, well under the minute after which proxies cut a connection. */
const HEARTBEAT_MS = 15_000
/** Milliseconds after which a client that lost the connection should come back. */
const RETRY_MS = 2_000
/** Entries in one look, and all that is held for a reader who does not read. */
const BATCH = 200
/** Milliseconds after which a stream ends and the client comes back, so that a revoked key stops being believed. */
const LONGEST_STREAM_MS = 900_000

export interface Following {
  /** What keeps the caller to their divisions. */
  readonly query: AuditQuery
  /** The sequence that the client saw last. */
  readonly seen: number | undefined
  /** The newest sequence that the caller may see. */
  readonly newest: number
  /** Whether the service is shutting down. */
  readonly stopping: () => boolean
}

const eventText = (entry: AuditEntry): string =>
  `id: ${entry.sequence}\nevent: ${entry.kind}\ndata: ${JSON.stringify(entry)}\n\n`

const resetText = (newest: number): string =>
  `id: ${newest}\nevent: reset\ndata: ${JSON.stringify({ newest })}\n\n`

interface Place {
  /** Everything up to this sequence was sent, or is not the caller's. */
  readonly after: number
  readonly lastSentAt: number
}

/** What is next to be sent, once there is something: entries, or a sign of life. */
const next = Effect.fnUntraced(function* (
  query: AuditQuery,
  place: Place,
  ended: (now: number) => boolean
): Effect.fn.Return<readonly [string, Place] | undefined, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  const { lastSentAt } = place
  let { after } = place
  while (true) {
    const now = yield* elapsedMs
    if (ended(now)) return undefined
    const newest = yield* newestEntry
    if (newest > after) {
      const entries = yield* Stream.runCollect(
        ledger.query({ ...query, afterSequence: after, limit: BATCH })
      )
      const last = entries.at(-1)
      if (last !== undefined)
        return [entries.map(eventText).join(""), { after: last.sequence, lastSentAt: now }]
      // All of them are others': they are not looked through again.
      after = newest
    }
    if (now - lastSentAt >= HEARTBEAT_MS) return [": still here\n\n", { after, lastSentAt: now }]
    yield* Effect.sleep(POLL_MS)
  }
})

/**
 * The ledger's entries as server-sent events, from what the client saw last, or from now on.
 *
 * A client that saw more than there is followed another ledger, or this one before it was restored
 * from a copy: it is told so, and gets what comes from now on. A restored ledger that has grown past
 * what the client saw cannot be told from one that merely went on.
 */
export const followed = ({
  newest,
  query,
  seen,
  stopping
}: Following): Stream.Stream<string, AuditUnavailable, AuditLog> =>
  Stream.unwrap(
    Effect.map(elapsedMs, (startedAt) => {
      const isAhead = seen !== undefined && seen > newest
      const first: Place = {
        after: seen === undefined || isAhead ? newest : seen,
        lastSentAt: startedAt
      }
      const ended = (now: number) => stopping() || now - startedAt >= LONGEST_STREAM_MS
      return Stream.concat(
        Stream.make(`retry: ${RETRY_MS}\n\n${isAhead ? resetText(newest) : ""}`),
        Stream.unfold(first, (place) => next(query, place, ended))
      )
    })
  )
