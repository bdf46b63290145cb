import { Clock, Effect } from "effect"

const NANOS_PER_MILLI = 1_000_000n

/** Whole milliseconds of a clock that nobody sets. */
export const monotonicMs: Effect.Effect<number> = Effect.map(Clock.monotonicTimeNanos, (nanos) =>
  Number(nanos / NANOS_PER_MILLI)
)
