import { Effect, type Exit, Fiber, Option } from "effect"

/** Milliseconds that a halt waits at most for the database. A healthy one takes a few; the command line waits as long. */
export const PATIENCE_MS = 2_000

/** How it ended, or undefined where it gave no answer in time: it is then left behind, for what hangs may not even be interrupted. */
export const withinPatience = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<Exit.Exit<A, E> | undefined, never, R> =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(restore(effect)), (fiber) => {
      const letGo = Effect.asVoid(Effect.forkDetach(Fiber.interrupt(fiber)))
      return restore(Effect.timeoutOption(Fiber.await(fiber), PATIENCE_MS)).pipe(
        Effect.map(Option.getOrUndefined),
        Effect.tap((exit) => (exit === undefined ? letGo : Effect.void)),
        Effect.onInterrupt(() => letGo)
      )
    })
  )
