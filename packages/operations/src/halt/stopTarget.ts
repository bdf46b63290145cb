import { type GatewayError, nextRetry } from "@campaignctl/core"
import { Effect, Random, Result } from "effect"
import { conclude, intend } from "./entries.ts"
import type { HaltRun } from "./HaltRun.ts"
import type { Target } from "./Target.ts"

/**
 * Sends stops to one campaign until Genesys accepts one, or answers in a way that only another look
 * at the campaign can tell more about. Other campaigns wait for nothing that happens here but for
 * one of the few places on the wire.
 */
export const stopTarget = (run: HaltRun, target: Target): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (target.busy) return Effect.void
    target.busy = true
    return tries(run, target).pipe(
      Effect.ensuring(Effect.sync(() => void (target.busy = false))),
      Effect.andThen(Effect.suspend(() => (target.dialling ? Effect.void : conclude(run, target))))
    )
  })

const tries = Effect.fnUntraced(function* (run: HaltRun, target: Target): Effect.fn.Return<void> {
  for (let retriesMade = 0; target.dialling; retriesMade++) {
    const reply = yield* once(run, target)
    if (Result.isSuccess(reply)) return
    const error = reply.failure
    target.error = error
    if (error._tag === "CampaignNotFound") return vanish(target)
    // Any other definite answer is asked again after the next look, which may show that it has stopped.
    if (error._tag !== "RateLimited" && error._tag !== "GenesysUnavailable") return
    const next = nextRetry(
      { ...run.settings.retry, deadlineMs: run.request.proofDeadlineMs },
      {
        retriesMade,
        elapsedMs: yield* run.elapsed,
        random: yield* Random.next,
        ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs })
      }
    )
    if (next._tag === "GiveUp") return
    yield* Effect.sleep(next.delayMs)
  }
})

const vanish = (target: Target): void => {
  target.gone = true
  target.dialling = false
  target.doubt = false
}

/** One stop: written down, sent, and what it was answered with. */
const once = (run: HaltRun, target: Target) =>
  Effect.gen(function* () {
    yield* intend(run, target)
    return yield* run.oneOfFew.withPermit(Effect.suspend(() => send(run, target)))
  }).pipe(
    Effect.tap((reply) => (Result.isSuccess(reply) ? accepted(run, target) : Effect.void)),
    (stop) =>
      Effect.suspend(() => {
        run.underWay += 1
        return Effect.ensuring(
          stop,
          Effect.sync(() => void (run.underWay -= 1))
        )
      })
  )

const accepted = Effect.fnUntraced(function* (run: HaltRun, target: Target) {
  const at = yield* run.elapsed
  target.error = undefined
  target.firstAcceptMs ??= at
  target.lastAcceptMs = at
  run.lastAcceptMs = at
})

const send = Effect.fnUntraced(function* (
  run: HaltRun,
  target: Target
): Effect.fn.Return<Result.Result<void, GatewayError>> {
  const earlier = target.doubt
  run.firstStopMs ??= yield* run.elapsed
  run.requests.stops += 1
  target.attempts += 1
  target.sent += 1
  target.doubt = true
  const reply = yield* Effect.result(
    run.locked ? underLock(run, target) : run.gateway.stop(target.id, run.request.pauseReason)
  )
  if (Result.isSuccess(reply)) return Result.succeed(undefined)
  if (reply.failure._tag !== "GenesysUnavailable") target.doubt = earlier
  if (reply.failure._tag !== "PermissionMissing" || run.locked) return Result.fail(reply.failure)
  // A client that was made for pauses may lack the permission of the stop, and have that of the change.
  run.locked = true
  run.warnings.add(
    `${reply.failure.message} Campaigns were stopped under their locks instead, which takes longer.`
  )
  return yield* send(run, target)
})

/** A pause as any other, under the lock of the campaign as it was seen last. */
const underLock = Effect.fnUntraced(function* (run: HaltRun, target: Target) {
  if (target.campaign === undefined) {
    run.requests.others += 1
    target.campaign = yield* run.gateway.get(target.id)
  }
  const { pauseReason } = run.request
  yield* run.gateway.apply(target.campaign, {
    target: "paused",
    pauseReason,
    drain: true,
    restart: false
  })
})
