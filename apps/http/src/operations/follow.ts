import {
  isOver,
  type OperationId,
  type OperationNotFound,
  type OperationsUnavailable
} from "@campaignctl/operations"
import { Effect, Schema } from "effect"
import type { Caller } from "../callers/Caller.ts"
import { eventStream, type Followed } from "../events/eventStream.ts"
import type { HttpProblem } from "../problems/HttpProblem.ts"
import { jsonText } from "../routes/Answer.ts"
import { noBody, none, route } from "../routes/Route.ts"
import { operationDocument } from "./documents.ts"
import { operationIdOf, OperationPath } from "./list.ts"
import { visibleOperation } from "./ports.ts"

/** The operation now and after each change that is seen, until it is over. The place is what was sent last. */
const progressOf = (
  id: OperationId,
  caller: Caller
): Followed<string, OperationNotFound | OperationsUnavailable | HttpProblem, never> => ({
  first: "",
  look: (sent) =>
    Effect.map(visibleOperation(id, caller), (operation) => {
      const data = jsonText(operationDocument(operation))
      const isLast = isOver(operation.status)
      const text = `event: ${isLast ? "over" : "progress"}\ndata: ${data}\n`
      return { text: data === sent ? undefined : text, place: data, isLast }
    })
})

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
  run: Effect.fnUntraced(function* ({ params }, incoming) {
    const { caller } = incoming
    const { id } = yield* visibleOperation(operationIdOf(params), caller)
    return yield* eventStream(progressOf(id, caller), incoming)
  })
})
