import {
  isOver,
  type Operation,
  type OperationId,
  type OperationNotFound,
  type OperationsUnavailable
} from "@campaignctl/operations"
import { Effect, Schema, Stream } from "effect"
import type { Caller } from "../callers/Caller.ts"
import { MOST_STREAMS, takeStream } from "../events/openStreams.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { jsonText } from "../routes/Answer.ts"
import { elapsedMs } from "../routes/elapsedMs.ts"
import { noBody, none, route } from "../routes/Route.ts"
import { streamBody } from "../routes/streamBody.ts"
import { operationDocument } from "./documents.ts"
import { operationIdOf, OperationPath } from "./list.ts"
import { visibleOperation } from "./ports.ts"

/** Milliseconds between two looks: other processes carry operations on too, and do not tell. */
const POLL_MS = 500
/** Milliseconds of silence after which a comment is sent, well under the minute after which proxies cut a connection. */
const HEARTBEAT_MS = 15_000
/** Milliseconds after which a client that lost the connection should come back. */
const RETRY_MS = 2_000
/** Milliseconds after which a stream ends and the client comes back, so that a revoked key stops being believed. */
const LONGEST_STREAM_MS = 900_000

/** What was sent last, and when; over where nothing more will come. */
interface Place {
  readonly sent: string
  readonly sentAt: number
  readonly over: boolean
}

const eventText = (operation: Operation, data: string): string =>
  `event: ${isOver(operation.status) ? "over" : "progress"}\ndata: ${data}\n`

const next = Effect.fnUntraced(function* (
  id: OperationId,
  caller: Caller,
  { over, sent, sentAt }: Place,
  ended: (now: number) => boolean
): Effect.fn.Return<
  readonly [string, Place] | undefined,
  OperationNotFound | OperationsUnavailable | HttpProblem
> {
  if (over) return undefined
  while (true) {
    const now = yield* elapsedMs
    if (ended(now)) return undefined
    const operation = yield* visibleOperation(id, caller)
    const data = jsonText(operationDocument(operation))
    if (data !== sent)
      return [
        eventText(operation, data),
        { sent: data, sentAt: now, over: isOver(operation.status) }
      ]
    if (now - sentAt >= HEARTBEAT_MS) return [": still here\n\n", { sent, sentAt: now, over }]
    yield* Effect.sleep(POLL_MS)
  }
})

/** The operation now and after each change that is seen, as server-sent events, until it is over. */
const followed = (id: OperationId, caller: Caller, stopping: () => boolean) =>
  Stream.unwrap(
    Effect.map(elapsedMs, (startedAt) => {
      const ended = (now: number) => stopping() || now - startedAt >= LONGEST_STREAM_MS
      const first: Place = { sent: "", sentAt: startedAt, over: false }
      return Stream.concat(
        Stream.make(`retry: ${RETRY_MS}\n\n`),
        Stream.unfold(first, (place) => next(id, caller, place, ended))
      )
    })
  )

export const followRoute = route({
  method: "GET",
  path: "/v1/operations/{id}/events",
  operationId: "followOperation",
  summary: "An operation's progress until it is over, as server-sent events.",
  scope: "campaigns:read",
  params: OperationPath,
  query: none,
  body: noBody,
  success: {
    description:
      "Events: `progress` after each change that is seen, `over` as the last; `data` is the operation. A client that is told `over` should not come back.",
    mediaTypes: { "text/event-stream": Schema.String }
  },
  problems: ["OPERATION_NOT_FOUND"],
  run: Effect.fnUntraced(function* ({ params }, { caller, deployment, method }) {
    const { id } = yield* visibleOperation(operationIdOf(params), caller)
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
    const events = followed(id, caller, deployment.stopping)
    return { ...answer, body: yield* streamBody(events, giveBack) }
  })
})
