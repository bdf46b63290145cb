import { Clock, Effect, Random, Result } from "effect"
import type { GatewayError } from "../errors/errors.ts"
import { nextRetry, type RetryDecision } from "../retry/RetryPolicy.ts"
import { attribute, spans } from "../telemetry/spans.ts"
import { report, type WaitCause } from "./Progress.ts"
import { Settings } from "./Settings.ts"

/** The times of a run, on the monotonic clock. */
export interface RunClock {
  /** When it began: every wait of the run counts against one deadline. */
  readonly startedNanos: bigint
  /** When it last asked what holds a start, for the decision that it goes by. */
  judgedNanos: bigint
}

const NANOS_PER_MILLI = 1_000_000n

export const startRun: Effect.Effect<RunClock> = Effect.map(
  Clock.monotonicTimeNanos,
  (startedNanos) => ({ startedNanos, judgedNanos: startedNanos })
)

/** Whole milliseconds since the run began. */
export const elapsedMs = (run: RunClock): Effect.Effect<number> =>
  Effect.map(Clock.monotonicTimeNanos, (now) => Number((now - run.startedNanos) / NANOS_PER_MILLI))

/** Takes it that what holds a start is asked now. */
export const judgedNow = (run: RunClock): Effect.Effect<void> =>
  Effect.map(Clock.monotonicTimeNanos, (now) => {
    run.judgedNanos = now
  })

/** Whole milliseconds since what holds a start was asked. */
export const judgedAgoMs = (run: RunClock): Effect.Effect<number> =>
  Effect.map(Clock.monotonicTimeNanos, (now) => Number((now - run.judgedNanos) / NANOS_PER_MILLI))

/** Why each error is worth another try; the others are definite. */
const WAIT_CAUSE: Readonly<Partial<Record<GatewayError["_tag"], WaitCause>>> = {
  RateLimited: "rate-limit",
  LockConflict: "conflict",
  // Of a write that is not to wait: the look before the next one waits, and fails where that is in vain.
  BudgetUnavailable: "unavailable",
  GenesysUnavailable: "unavailable"
}

export const waitCauseOf = (error: GatewayError): WaitCause | undefined => WAIT_CAUSE[error._tag]

/** The same for a read: one that waited in vain for the place where requests are counted has waited enough. */
export const readCauseOf = (error: { readonly _tag: string }): WaitCause | undefined =>
  isTransient(error) ? waitCauseOf(error) : undefined

/** What the policy says after this error, with this many retries made. */
export const afterFailure = Effect.fnUntraced(function* (
  run: RunClock,
  error: GatewayError,
  retriesMade: number
): Effect.fn.Return<RetryDecision> {
  const { retry } = yield* Settings
  const retryAfterMs = "retryAfterMs" in error ? error.retryAfterMs : undefined
  return nextRetry(retry, {
    retriesMade,
    elapsedMs: yield* elapsedMs(run),
    random: yield* Random.next,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs })
  })
})

/** Waits, and says so. */
export const waitFor = (cause: WaitCause, delayMs: number): Effect.Effect<void> =>
  Effect.andThen(report({ _tag: "Waiting", cause, delayMs }), Effect.sleep(delayMs)).pipe(
    Effect.withSpan(spans.wait.name, {
      attributes: { [attribute.waitCause]: cause, [attribute.waitMs]: Math.round(delayMs) }
    })
  )

/** Tries a read again after a rate limit or no answer; gives the last error as it was when the policy ends. */
export const retryingReads = <A, E extends { readonly _tag: string }, R>(
  run: RunClock,
  read: Effect.Effect<A, E | GatewayError, R>
): Effect.Effect<A, E | GatewayError, R> =>
  Effect.catch(read, (error) => readingAgain(run, read, error))

const readingAgain = Effect.fnUntraced(function* <A, E extends { readonly _tag: string }, R>(
  run: RunClock,
  read: Effect.Effect<A, E | GatewayError, R>,
  first: E | GatewayError
): Effect.fn.Return<A, E | GatewayError, R> {
  let error = first
  for (let retriesMade = 0; ; retriesMade++) {
    if (!isTransient(error)) return yield* Effect.fail(error)
    const next = yield* afterFailure(run, error, retriesMade)
    if (next._tag === "GiveUp") return yield* Effect.fail(error)
    yield* waitFor(WAIT_CAUSE[error._tag] ?? "unavailable", next.delayMs)
    const reply = yield* Effect.result(read)
    if (Result.isSuccess(reply)) return reply.success
    error = reply.failure
  }
})

type Transient = Extract<GatewayError, { readonly _tag: "RateLimited" | "GenesysUnavailable" }>

const isTransient = (error: { readonly _tag: string }): error is Transient =>
  error._tag === "RateLimited" || error._tag === "GenesysUnavailable"
