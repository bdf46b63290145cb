import type { AuditUnavailable, Json } from "@campaignctl/core"
import { type HaltSpec, Operations, type OperationsUnavailable } from "@campaignctl/operations"
import { Cause, Deferred, Effect, Exit, Option } from "effect"
import { fingerprintOf } from "../idempotency/Idempotency.ts"
import { checkedKey, REPLAYED } from "../idempotency/once.ts"
import { HttpProblem } from "../problems/HttpProblem.ts"
import type { ServiceError } from "../problems/problemAnswer.ts"
import type { TextAnswer } from "../routes/Answer.ts"
import type { Incoming, RouteServices } from "../routes/Route.ts"
import { operationAnswer, submitted } from "../operations/submit.ts"
import { EmergencyHalts, type EmergencyHalt } from "./EmergencyHalts.ts"
import type { HaltAsked } from "./HaltAsked.ts"
import { withinPatience } from "./withinPatience.ts"

const isOfDatabase = (error: unknown): error is AuditUnavailable | OperationsUnavailable =>
  typeof error === "object" &&
  error !== null &&
  "_tag" in error &&
  (error._tag === "AuditUnavailable" || error._tag === "OperationsUnavailable")

interface Asked {
  readonly spec: HaltSpec
  readonly fingerprint: Json
}

/** Submits it; undefined where the database cannot be used, or gives no answer in time. */
const durably = Effect.fnUntraced(function* (
  asked: Asked,
  incoming: Incoming
): Effect.fn.Return<TextAnswer | undefined, ServiceError, RouteServices> {
  const accepted = yield* Deferred.make<TextAnswer>()
  const exit = yield* withinPatience(
    submitted(
      { ...asked, accepted: (answer) => Effect.asVoid(Deferred.succeed(accepted, answer)) },
      incoming
    )
  )
  if (exit !== undefined && Exit.isSuccess(exit)) return exit.value
  // It is durable, whatever became of what is kept of its key.
  if (yield* Deferred.isDone(accepted)) return yield* Deferred.await(accepted)
  if (exit === undefined) return undefined
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  return isOfDatabase(error) ? undefined : yield* exit
})

const answered = Effect.fnUntraced(function* (
  halt: EmergencyHalt | "another",
  incoming: Incoming,
  isRepeated: boolean
): Effect.fn.Return<TextAnswer, ServiceError> {
  if (halt === "another") return yield* new HttpProblem({ code: "IDEMPOTENCY_KEY_REUSED" })
  const { phase } = halt
  const port = yield* Effect.serviceOption(Operations)
  // What the database has taken over is told as it stands there.
  const operation =
    phase === "durable" && Option.isSome(port)
      ? yield* Effect.orElseSucceed(port.value.get(halt.operation.id), () => halt.operation)
      : halt.operation
  return operationAnswer(operation, incoming, {
    headers: isRepeated ? { [REPLAYED]: "true" } : {},
    durable: phase === "durable"
  })
})

/**
 * The panic stop as an operation where it can be one; where the database cannot be used, in this
 * process alone. Whoever asks for a halt that runs here already joins it.
 */
export const halted = Effect.fnUntraced(function* (
  asked: Asked,
  incoming: Incoming
): Effect.fn.Return<TextAnswer, ServiceError, RouteServices> {
  const found = yield* Effect.serviceOption(EmergencyHalts)
  if (Option.isNone(found)) return yield* submitted(asked, incoming)
  const halts = found.value
  const { caller, header } = incoming
  const key = header("idempotency-key")
  if (key !== undefined) yield* checkedKey(key)
  const halt: HaltAsked = {
    spec: asked.spec,
    caller,
    ...(key === undefined ? {} : { use: { key, fingerprint: fingerprintOf(asked.fingerprint) } })
  }
  const running = yield* halts.joined(halt)
  if (running !== undefined) return yield* answered(running, incoming, key !== undefined)
  // Where not even the caller's key could be read, the database is not waited for once more.
  const answer = caller.remembered === true ? undefined : yield* durably(asked, incoming)
  return answer ?? (yield* answered(yield* halts.begin(halt), incoming, false))
})
