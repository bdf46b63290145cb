import { type GatewayError, nextRetry } from "@campaignctl/core"
import { Effect, Random } from "effect"
import type { HaltRun } from "./HaltRun.ts"

/** Waits as long as the list's next try has to: the halt's own deadline is what ends it. */
export const untilNextTry = Effect.fnUntraced(function* (
  { settings: { retry } }: HaltRun,
  error: GatewayError,
  retriesMade: number
): Effect.fn.Return<void> {
  const retryAfterMs = "retryAfterMs" in error ? error.retryAfterMs : undefined
  const next = nextRetry(
    { ...retry, deadlineMs: Number.POSITIVE_INFINITY },
    {
      retriesMade,
      elapsedMs: 0,
      random: yield* Random.next,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs })
    }
  )
  yield* Effect.sleep(next._tag === "Wait" ? next.delayMs : retry.capMs)
})
