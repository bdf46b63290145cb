import { AuditLog } from "@campaignctl/core"
import { Effect, Schema, Stream } from "effect"
import { boundTo } from "../callers/Caller.ts"
import { malformed, noBody, none, route } from "../routes/Route.ts"
import { eventStream } from "./eventStream.ts"
import { followed } from "./followed.ts"

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
  run: Effect.fnUntraced(function* (_, incoming) {
    const { caller, header } = incoming
    const seen = header("last-event-id")
    if (seen !== undefined && !LAST_EVENT_ID.test(seen))
      return yield* malformed([
        { key: "header.Last-Event-ID", expected: "a sequence of the ledger" }
      ])
    const ledger = yield* AuditLog
    const query = boundTo(caller)
    const [last] = yield* Stream.runCollect(ledger.query({ ...query, newestFirst: true, limit: 1 }))
    return yield* eventStream(
      followed({
        query,
        seen: seen === undefined ? undefined : Number(seen),
        newest: last?.sequence ?? 0
      }),
      incoming
    )
  })
})
