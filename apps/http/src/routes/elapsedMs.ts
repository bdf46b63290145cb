import { Clock, Effect } from "effect"

const NANOS_PER_MS = 1_000_000

/** Milliseconds since some instant: what is measured must not follow a clock that is set. */
export const elapsedMs: Effect.Effect<number> = Effect.map(
  Clock.monotonicTimeNanos,
  (nanos) => Number(nanos) / NANOS_PER_MS
)
