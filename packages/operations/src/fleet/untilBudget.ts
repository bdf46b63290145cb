import { Effect, Schedule } from "effect"

/** Milliseconds between tries; each try waits by itself until the budget gives up on its database. */
const TRY_AGAIN_MS = 1_000

/** Waits for the database of the request budget for as long as it takes, as durable work waits for its own. */
export const untilBudget = <A, E extends { readonly _tag: string }, R>(
  work: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R> =>
  Effect.retry(work, {
    while: ({ _tag }) => _tag === "BudgetUnavailable",
    schedule: Schedule.spaced(TRY_AGAIN_MS)
  })
