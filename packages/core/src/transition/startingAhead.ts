import { Effect, Option } from "effect"
import { CurrentBudgetClass, RequestBudget } from "../ports/RequestBudget.ts"

/**
 * Milliseconds that a start waits for its permit before it is decided: long enough for its turn beside
 * a fleet that takes whatever is free, and short for a person. Without one it is decided all the same.
 */
const PATIENCE_MS = 2_000
/** Milliseconds that the write may take at most. Source: the official SDK's own limit. */
const LONGEST_WRITE_MS = 16_000

/**
 * Takes the permit for a start's write before the decision, where the composition has a budget. A
 * start is sent at once or not at all, which would be never while others wait for each permit.
 */
export const startingAhead = <A, E, R>(
  starts: boolean,
  work: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.gen(function* () {
    const budget = yield* Effect.serviceOption(RequestBudget)
    if (!starts || Option.isNone(budget)) return yield* work
    const admission = {
      class: yield* CurrentBudgetClass,
      patienceMs: PATIENCE_MS,
      longestMs: LONGEST_WRITE_MS
    }
    const done = yield* Effect.option(budget.value.ahead(admission, Effect.exit(work)))
    return yield* Option.isSome(done) ? done.value : work
  })
