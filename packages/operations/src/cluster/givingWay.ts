import {
  alsoReportingTo,
  type CampaignId,
  LockConflict,
  type TransitionError,
  type TransitionResult
} from "@campaignctl/core"
import { Effect, Latch } from "effect"

/**
 * A start that is ended once it has to give way, but never while its write is on its way: the stop that
 * it gives way to would find the campaign stopped already, and the write would land after it.
 */
export const givingWay = <R>(
  giveWay: Latch.Latch,
  campaignId: CampaignId,
  start: Effect.Effect<TransitionResult, TransitionError, R>
): Effect.Effect<TransitionResult, TransitionError, R> =>
  Effect.suspend(() => {
    const nothingSent = Latch.makeUnsafe(true)
    let sends = false
    let over = false
    const listened = alsoReportingTo({
      report: ({ _tag }) =>
        Effect.suspend(() => {
          if (_tag === "Sending") {
            // It is being ended: what it would send now must not leave.
            if (over) return Effect.never
            sends = true
            nothingSent.closeUnsafe()
          } else if (_tag === "AttemptFailed") {
            sends = false
            nothingSent.openUnsafe()
          }
          return Effect.void
        })
    })(start)
    const untilItMust: Effect.Effect<never, LockConflict> = Effect.andThen(
      Effect.andThen(giveWay.await, nothingSent.await),
      Effect.suspend(() => {
        if (sends) return untilItMust
        over = true
        return Effect.fail(new LockConflict({ campaignId, gaveWay: true }))
      })
    )
    return Effect.raceFirst(untilItMust, listened)
  })
