import type { AuditUnavailable, Json } from "@campaignctl/core"
import { Cause, Effect, type Exit, Option } from "effect"
import { HttpProblem } from "../problems/HttpProblem.ts"
import { problemAnswer, type ServiceError } from "../problems/problemAnswer.ts"
import type { TextAnswer } from "../routes/Answer.ts"
import { type Incoming, malformed, type RouteServices } from "../routes/Route.ts"
import { fingerprintOf, Idempotency, type KeyUse } from "./Idempotency.ts"
import { inProgress } from "./inProgress.ts"

/** 1 to 255 visible characters. Source: the IETF draft on the Idempotency-Key header, and Stripe's limit. */
const KEY = /^[\x21-\x7e]{1,255}$/
export const REPLAYED = "idempotency-replayed"

/** Refuses a key that is none. */
export const checkedKey = (key: string) =>
  KEY.test(key)
    ? Effect.void
    : malformed([{ key: "header.Idempotency-Key", expected: "1 to 255 visible characters" }])

/** The work that must be done once. */
export interface OnceWork {
  /** Does it, under a name by which the ledger's entries can be found again. */
  readonly perform: (requestId: string) => Effect.Effect<TextAnswer, ServiceError, RouteServices>
  /** Finds out what became of it where whoever did it has died; undefined where nothing was done. */
  readonly recover: (
    requestId: string
  ) => Effect.Effect<TextAnswer | undefined, ServiceError, RouteServices>
}

/**
 * Errors after which nothing has been done and asking again is the very advice: the key is free again.
 * Any other answer is kept.
 */
const leavesNothing = (error: ServiceError): boolean =>
  error._tag === "GenesysUnavailable" ||
  error._tag === "RateLimited" ||
  error._tag === "BudgetUnavailable" ||
  error._tag === "RetriesExhausted" ||
  error._tag === "NotAuthenticated" ||
  error._tag === "PermissionMissing" ||
  error._tag === "RequestInvalid" ||
  error._tag === "ReceiverRefused" ||
  error._tag === "DeliveryNotRepeatable" ||
  error._tag === "AuditUnavailable"

/** An intent is open in the ledger, or an operation or a subscription may have been made: whoever asks again must look there first. */
const isUnsettled = (error: ServiceError): boolean =>
  (error._tag === "AuditUnavailable" && error.changeMayHaveHappened) ||
  error._tag === "OperationsUnavailable" ||
  error._tag === "WebhooksUnavailable"

/** Does the work once for each key of each caller, and repeats its answer after that. */
export const once = Effect.fnUntraced(function* (
  key: string,
  asked: Json,
  work: OnceWork,
  incoming: Incoming
): Effect.fn.Return<TextAnswer, ServiceError, RouteServices> {
  yield* checkedKey(key)
  const store = yield* Idempotency
  const use: KeyUse = { caller: incoming.caller.id, key, fingerprint: fingerprintOf(asked) }
  const claim = yield* store.claim(use)
  if (claim._tag === "Other") return yield* new HttpProblem({ code: "IDEMPOTENCY_KEY_REUSED" })
  if (claim._tag === "Running") return yield* inProgress()
  if (claim._tag === "Replay")
    return { ...claim.answer, headers: { ...claim.answer.headers, [REPLAYED]: "true" } }
  const { requestId } = claim
  const found =
    claim._tag === "Orphaned" ? work.recover(requestId) : Effect.succeed<undefined>(undefined)
  const performed = Effect.flatMap(found, (answer) =>
    answer === undefined ? work.perform(requestId) : Effect.succeed(answer)
  )
  const told = (error: ServiceError): TextAnswer =>
    problemAnswer(error, {
      base: incoming.deployment.base,
      requestId: incoming.requestId,
      traceId: incoming.traceId,
      hideContextId: incoming.caller.divisionIds !== undefined
    })
  /** What cannot be written of the key changes nothing of what was done: whoever asks next finds that out. */
  const written = (effect: Effect.Effect<void, AuditUnavailable>): Effect.Effect<void> =>
    Effect.catch(effect, ({ message }) =>
      Effect.logWarning("What became of an Idempotency-Key could not be written.", message)
    )
  const keep = (answer: TextAnswer) => Effect.as(written(store.keep(use, answer)), answer)
  const after = (exit: Exit.Exit<TextAnswer, ServiceError>) => {
    if (exit._tag === "Success") return keep(exit.value)
    const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
    // Interrupted: this process is about to end, and the next one finds the ledger's word.
    if (error === undefined && Cause.hasInterrupts(exit.cause)) return Effect.failCause(exit.cause)
    if (error === undefined || isUnsettled(error) || claim._tag === "Orphaned")
      return Effect.andThen(written(store.abandon(use)), Effect.failCause(exit.cause))
    if (leavesNothing(error))
      return Effect.andThen(written(store.release(use)), Effect.failCause(exit.cause))
    return keep(told(error))
  }
  return yield* Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.exit(restore(performed)), after)
  ).pipe(Effect.ensuring(store.leave(use)))
})
