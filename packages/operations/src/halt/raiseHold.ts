import { type AuditLog, Ids } from "@campaignctl/core"
import { Clock, Deferred, Effect } from "effect"
import { HoldStore } from "./holds/HoldStore.ts"
import type { NewHold } from "./holds/HoldRecord.ts"
import { recordRaised } from "./holds/recordRaised.ts"
import type { HaltRun } from "./HaltRun.ts"

/** Milliseconds between tries to raise a hold that the database does not take. */
const AGAIN_MS = 1_000

/**
 * Raises the hold of a halt, trying for as long as it takes, and tells the ledger of it. A hold that
 * the ledger does not know of holds all the same; `settleHolds` tells it later.
 */
export const raiseHold = Effect.fnUntraced(function* (
  run: HaltRun
): Effect.fn.Return<void, never, AuditLog | HoldStore | Ids> {
  const { name, note, pauseReason, requestedBy, requestId, scope, source } = run.request
  const store = yield* HoldStore
  const hold: NewHold = {
    id: yield* (yield* Ids).next,
    name,
    scope,
    raisedBy: requestedBy,
    raisedAt: new Date(yield* Clock.currentTimeMillis).toISOString(),
    reason: note === undefined ? pauseReason : `${pauseReason}: ${note}`,
    source,
    requestId
  }
  // Said once for each cause: it is tried every second, and what else the halt says must be seen.
  let said: string | undefined
  const say = (message: string): Effect.Effect<void> => {
    if (message === said) return Effect.void
    said = message
    return Effect.logError(`Halt “${name}” holds nothing yet. ${message}`)
  }
  const raised = yield* store.raise(hold).pipe(
    Effect.tapError(({ message }) =>
      say(message).pipe(
        Effect.andThen(Deferred.succeed(run.holdTried, undefined)),
        Effect.andThen(Effect.sleep(AGAIN_MS))
      )
    ),
    Effect.eventually
  )
  run.heldAtMs = yield* run.elapsed
  yield* Deferred.succeed(run.holdTried, undefined)
  yield* Effect.catch(recordRaised(raised), ({ message }) =>
    Effect.sync(
      () => void run.warnings.add(`The ledger was not told that halt “${name}” holds. ${message}`)
    )
  )
})

/** Tells the ledger of holds that it does not know of, because it could not be written when they were raised. */
export const settleHolds = Effect.gen(function* () {
  const store = yield* HoldStore
  const all = yield* store.list({ active: true })
  yield* Effect.forEach(all, recordRaised, { discard: true })
})
