import { type Clock, Duration, Effect } from "effect"

const NANOS_PER_MILLI = 1_000_000

/**
 * A clock that runs so many times faster than real time, from now on: what would take minutes takes
 * seconds, and the work itself counts as many times over.
 */
export const scaledClock = (times: number): Clock.Clock => {
  const startedAt = Date.now()
  const began = performance.now()
  const elapsedMs = (): number => (performance.now() - began) * times
  const nanos = (millis: number): bigint => BigInt(Math.round(millis * NANOS_PER_MILLI))
  const clock: Clock.Clock = {
    currentTimeMillisUnsafe: () => startedAt + Math.floor(elapsedMs()),
    currentTimeMillis: Effect.sync(() => clock.currentTimeMillisUnsafe()),
    currentTimeNanosUnsafe: () => nanos(startedAt) + nanos(elapsedMs()),
    currentTimeNanos: Effect.sync(() => clock.currentTimeNanosUnsafe()),
    monotonicTimeNanosUnsafe: () => nanos(elapsedMs()),
    monotonicTimeNanos: Effect.sync(() => clock.monotonicTimeNanosUnsafe()),
    sleep: (duration) =>
      Effect.callback((resume) => {
        const timer = setTimeout(() => resume(Effect.void), Duration.toMillis(duration) / times)
        return Effect.sync(() => clearTimeout(timer))
      })
  }
  return clock
}
