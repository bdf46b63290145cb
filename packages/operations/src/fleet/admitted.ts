import {
  type BudgetClass,
  CurrentBudgetClass,
  RequestBudget,
  type TransitionError,
  type TransitionRequest,
  type TransitionResult
} from "@campaignctl/core"
import { Clock, Effect, Option } from "effect"
import { AGENTS_FRESH_MS } from "./agents.ts"

/** Whose starts wait for the budget before they are decided; a person is told at once that it is spent. */
const BACKGROUND: ReadonlySet<BudgetClass> = new Set<BudgetClass>(["guard", "fleet", "schedule"])

/** Milliseconds to wait for the budget: one window of it, a minute, and a second. A longer wait is put off. */
const PATIENCE_MS = 61_000
/** Milliseconds that a write may take at most: the official SDK's own limit. */
const LONGEST_WRITE_MS = 16_000

/**
 * Decides on a start in the background only once the budget grants its write. A start is decided for
 * its moment and never sent after a wait; without this it would fail whenever others are faster.
 */
export const admitted = <R>(
  request: TransitionRequest,
  run: (request: TransitionRequest) => Effect.Effect<TransitionResult, TransitionError, R>
): Effect.Effect<TransitionResult, TransitionError, R> =>
  Effect.gen(function* () {
    const budget = yield* Effect.serviceOption(RequestBudget)
    const budgetClass = yield* CurrentBudgetClass
    if (Option.isNone(budget) || request.target !== "active" || !BACKGROUND.has(budgetClass))
      return yield* run(request)
    const askedAt = yield* Clock.currentTimeMillis
    return yield* budget.value.ahead(
      { class: budgetClass, patienceMs: PATIENCE_MS, longestMs: LONGEST_WRITE_MS },
      Effect.flatMap(Clock.currentTimeMillis, (now) => {
        const { capacity, ...rest } = request
        // Agents that were counted before a long wait are counted again.
        return run(
          capacity === undefined || now - askedAt > AGENTS_FRESH_MS ? rest : { ...rest, capacity }
        )
      })
    )
  })
