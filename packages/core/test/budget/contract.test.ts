import { describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { memoryRequestBudget, RequestBudget } from "../../src/index.ts"
import { budgetContract, BudgetWorld } from "../../src/testing/index.ts"

const world = Layer.effect(
  BudgetWorld,
  RequestBudget.useSync((budget) => ({ budgets: [budget] }))
).pipe(Layer.provide(memoryRequestBudget()))

describe("the budget in memory", () => {
  for (const { name, run } of budgetContract) it.effect(name, () => Effect.provide(run, world))
})
