import { Effect } from "effect"

/** More turns than any chain of steps takes that waits for nothing but other fibers. */
const TURNS = 200

/** Lets every fiber come to where it waits for time, which the test clock itself does not wait for. */
export const allThatCan: Effect.Effect<void> = Effect.forEach(
  Array.from({ length: TURNS }),
  () => Effect.yieldNow,
  { discard: true }
)
