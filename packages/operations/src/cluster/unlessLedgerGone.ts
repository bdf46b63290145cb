import {
  AuditLog,
  AuditUnavailable,
  type TransitionError,
  type TransitionRequest,
  type TransitionResult
} from "@campaignctl/core"
import { Duration, Effect, Fiber } from "effect"

/** How long a change may take before the ledger is asked whether it can be used at all; twice a takeover by another process. */
const UNANSWERED_FOR = Duration.seconds(10)

type Asked<R> = Effect.Effect<TransitionResult, TransitionError, R>

/**
 * Answers that the ledger cannot be used instead of waiting for the owner of a campaign for as long as
 * nobody can be one, because the database that says who it is gives no answer.
 *
 * A start is not made any more then. A stop is left behind, and made as soon as there is an owner
 * again: a stop that comes late is better than none.
 */
export const unlessLedgerGone = Effect.gen(function* () {
  const { writable } = yield* AuditLog
  const scope = yield* Effect.scope
  // Asked once for all that wait.
  const usable = yield* Effect.cachedWithTTL(writable, UNANSWERED_FOR)
  const gone: Effect.Effect<never, AuditUnavailable> = Effect.delay(usable, UNANSWERED_FOR).pipe(
    Effect.forever,
    Effect.mapError(({ detail }) => new AuditUnavailable({ detail, changeMayHaveHappened: true }))
  )
  return <R>({ target }: TransitionRequest, change: Asked<R>): Asked<R> => {
    if (target === "active") return Effect.raceFirst(change, gone)
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(Effect.forkIn(restore(change), scope), (fiber) =>
        restore(Effect.raceFirst(Fiber.join(fiber), gone)).pipe(
          Effect.onInterrupt(() => Fiber.interrupt(fiber))
        )
      )
    )
  }
})
