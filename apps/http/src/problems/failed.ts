import { Cause, Effect, Option } from "effect"
import type { Answer } from "../routes/Answer.ts"
import type { Received } from "../routes/Received.ts"
import { HttpProblem } from "./HttpProblem.ts"
import { problemAnswer, type ServiceError } from "./problemAnswer.ts"

/** What the database said, which the answer leaves out. */
const isForTheLog = ({ _tag }: ServiceError): boolean =>
  _tag === "OperationsUnavailable" || _tag === "WebhooksUnavailable"

/** What is answered where a request failed, was interrupted, or ran into a defect. */
export const failed = (
  cause: Cause.Cause<ServiceError>,
  { caller, deployment, requestId, traceId }: Received
): Effect.Effect<Answer> => {
  const told = (error: ServiceError): Answer =>
    problemAnswer(error, {
      base: deployment.base,
      requestId,
      traceId,
      hideContextId: caller.divisionIds !== undefined
    })
  const error = Cause.findErrorOption(cause)
  if (Option.isSome(error) && isForTheLog(error.value))
    return Effect.as(Effect.logError(error.value.message, { requestId }), told(error.value))
  if (Option.isSome(error)) return Effect.succeed(told(error.value))
  if (Cause.hasInterruptsOnly(cause))
    return Effect.succeed(
      told(new HttpProblem({ code: "NOT_READY", detail: "The service is shutting down." }))
    )
  return Effect.as(
    Effect.logError("A request failed by a defect.", { requestId }, Cause.pretty(cause)),
    told(new HttpProblem({ code: "UNEXPECTED" }))
  )
}
