import {
  type AuditEntry,
  AuditLog,
  type AuditQuery,
  type AuditUnavailable
} from "@campaignctl/core"
import { Clock, Effect, Schema, Stream } from "effect"
import { boundTo, type Caller } from "../callers/Caller.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { malformed, noBody, none, route } from "../routes/Route.ts"
import { streamBody } from "../routes/streamBody.ts"

/** Milliseconds between two looks at the ledger: other processes append to it too, and do not tell. */
const POLL_MS = 500
/** Milliseconds of silence after which a comment is sent, well under the minute after which proxies cut a connection. */
const HEARTBEAT_MS = 15_000
/** Milliseconds after which a client that lost the connection should come back. */
const RETRY_MS = 2_000
/** Entries in one look. */
const BATCH = 200
/** Milliseconds after which a stream ends and the client comes back, so that a revoked key stops being believed. */
const LONGEST_STREAM_MS = 900_000
/** Streams that one caller may keep open. */
const MOST_STREAMS = 10

const LAST_EVENT_ID = /^\d{1,15}$/

const eventText = (entry: AuditEntry): string =>
  `id: ${entry.sequence}\nevent: ${entry.kind}\ndata: ${JSON.stringify(entry)}\n\n`

/** The streams that each caller has open. */
const open = new Map<string, number>()

const count = (caller: Caller, step: 1 | -1) =>
  Effect.sync(() => {
    const now = (open.get(caller.id) ?? 0) + step
    if (now <= 0) open.delete(caller.id)
    else open.set(caller.id, now)
  })

interface Cursor {
  readonly after: number
  readonly lastSentAt: number
}

/** What is next to be sent, once there is something: entries, or a sign of life. */
const next = Effect.fnUntraced(function* (
  query: AuditQuery,
  { after, lastSentAt }: Cursor,
  ended: (now: number) => boolean
): Effect.fn.Return<readonly [string, Cursor] | undefined, AuditUnavailable, AuditLog> {
  const ledger = yield* AuditLog
  while (true) {
    const now = yield* Clock.currentTimeMillis
    if (ended(now)) return undefined
    const entries = yield* Stream.runCollect(
      ledger.query({ ...query, afterSequence: after, limit: BATCH })
    )
    const last = entries.at(-1)
    if (last !== undefined)
      return [entries.map(eventText).join(""), { after: last.sequence, lastSentAt: now }]
    if (now - lastSentAt >= HEARTBEAT_MS) return [": still here\n\n", { after, lastSentAt: now }]
    yield* Effect.sleep(POLL_MS)
  }
})

export const eventsRoute = route({
  method: "GET",
  path: "/v1/events",
  operationId: "followEvents",
  summary: "Every decision and change as it is recorded, as server-sent events.",
  scope: "audit:read",
  params: none,
  query: none,
  body: noBody,
  headers: [
    {
      name: "Last-Event-ID",
      description:
        "The ledger's sequence that was seen last; without it, only what is new is sent.",
      pattern: LAST_EVENT_ID.source
    }
  ],
  success: {
    description:
      "Events: `id` is the ledger's sequence, `event` the entry's kind, `data` the entry.",
    mediaTypes: { "text/event-stream": Schema.String }
  },
  problems: [],
  run: Effect.fnUntraced(function* (_, { caller, deployment, header }) {
    const seen = header("last-event-id")
    if (seen !== undefined && !LAST_EVENT_ID.test(seen))
      return yield* malformed([
        { key: "header.Last-Event-ID", expected: "a sequence of the ledger" }
      ])
    const ledger = yield* AuditLog
    const query = boundTo(caller)
    const [newest] = yield* Stream.runCollect(
      ledger.query({ ...query, newestFirst: true, limit: 1 })
    )
    const startedAt = yield* Clock.currentTimeMillis
    const start: Cursor = {
      after: seen === undefined ? (newest?.sequence ?? 0) : Number(seen),
      lastSentAt: startedAt
    }
    if ((open.get(caller.id) ?? 0) >= MOST_STREAMS) {
      return yield* new HttpProblem({
        code: "TOO_MANY_REQUESTS",
        detail: `One caller may keep ${MOST_STREAMS} event streams open.`,
        headers: { "retry-after": "1" }
      })
    }
    const ended = (now: number) => deployment.stopping() || now - startedAt >= LONGEST_STREAM_MS
    const events = Stream.concat(
      Stream.make(`retry: ${RETRY_MS}\n\n`),
      Stream.unfold(start, (cursor) => next(query, cursor, ended))
    )
    const counted = Stream.unwrap(
      Effect.as(
        Effect.acquireRelease(count(caller, 1), () => count(caller, -1)),
        events
      )
    )
    return {
      status: 200,
      headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" },
      body: yield* streamBody(counted)
    }
  })
})
