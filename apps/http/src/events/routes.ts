import { AuditLog } from "@campaignctl/core"
import { Effect, Schema, Stream } from "effect"
import { boundTo } from "../callers/Caller.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { malformed, noBody, none, route } from "../routes/Route.ts"
import { streamBody } from "../routes/streamBody.ts"
import { followed } from "./followed.ts"
import { MOST_STREAMS, takeStream } from "./openStreams.ts"

const LAST_EVENT_ID = /^\d{1,15}$/

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
        "The ledger's sequence that was seen last; without it, only what is new is sent. Where the ledger ends before it, the event `reset` comes first.",
      pattern: LAST_EVENT_ID.source
    }
  ],
  success: {
    description:
      "Events: `id` is the ledger's sequence, `event` the entry's kind, `data` the entry. `reset` tells that the ledger is another than the one that was followed, and where it ends now.",
    mediaTypes: { "text/event-stream": Schema.String }
  },
  problems: [],
  run: Effect.fnUntraced(function* (_, { caller, deployment, header, method }) {
    const seen = header("last-event-id")
    if (seen !== undefined && !LAST_EVENT_ID.test(seen))
      return yield* malformed([
        { key: "header.Last-Event-ID", expected: "a sequence of the ledger" }
      ])
    const ledger = yield* AuditLog
    const query = boundTo(caller)
    const [last] = yield* Stream.runCollect(ledger.query({ ...query, newestFirst: true, limit: 1 }))
    const answer = {
      status: 200,
      headers: { "content-type": "text/event-stream; charset=utf-8", "x-accel-buffering": "no" }
    }
    // Nobody would read the stream, nor end it.
    if (method === "HEAD") return { ...answer, body: null }
    const giveBack = takeStream(caller.id)
    if (giveBack === undefined)
      return yield* new HttpProblem({
        code: "TOO_MANY_REQUESTS",
        detail: `One caller may keep ${MOST_STREAMS} event streams open.`,
        headers: { "retry-after": "1" }
      })
    const events = followed({
      query,
      seen: seen === undefined ? undefined : Number(seen),
      newest: last?.sequence ?? 0,
      stopping: deployment.stopping
    })
    return { ...answer, body: yield* streamBody(events, giveBack) }
  })
})
