import { Effect } from "effect"
import { json } from "../routes/Answer.ts"
import { noBody, none, type Route, route } from "../routes/Route.ts"
import { operationDocument } from "./documents.ts"
import { operationIdOf, OperationPath } from "./list.ts"
import { operationsPort, visibleOperation } from "./ports.ts"
import { OperationDocument } from "./schemas.ts"

const STEERINGS = [
  [
    "pause",
    "pauseOperation",
    "Begin nothing new until it is resumed; what is under way is finished."
  ],
  ["resume", "resumeOperation", "Go on with an operation that was paused."],
  [
    "cancel",
    "cancelOperation",
    "Begin nothing new any more; what is under way is finished, what was done stays done."
  ]
] as const

/** One route for each way of steering an operation. */
export const steerRoutes: ReadonlyArray<Route> = STEERINGS.map(([way, operationId, summary]) =>
  route({
    method: "POST",
    path: `/v1/operations/{id}/${way}`,
    operationId,
    summary,
    scope: "campaigns:operate",
    params: OperationPath,
    query: none,
    body: noBody,
    success: {
      description: "The operation, with what was asked of it written down.",
      mediaTypes: { "application/json": OperationDocument }
    },
    problems: ["OPERATION_NOT_FOUND", "OPERATION_NOT_CONTROLLABLE"],
    runsToTheEnd: true,
    run: Effect.fnUntraced(function* ({ params }, { caller }) {
      const { id } = yield* visibleOperation(operationIdOf(params), caller)
      return json(operationDocument(yield* (yield* operationsPort)[way](id)))
    })
  })
)
