import { RequestBudget } from "@campaignctl/core"
import { budgetContract, BudgetWorld } from "@campaignctl/core/testing"
import { idsLive, layerSqliteClient } from "@campaignctl/ledger-sql"
import { describe, it } from "@effect/vitest"
import { Context, Effect, Layer } from "effect"
import { layerSqlBudget } from "../../src/index.ts"

const budget = layerSqlBudget({
  clientId: "client",
  apiUrl: "https://api.example",
  clock: "process"
}).pipe(Layer.provide(idsLive), Layer.fresh)

/** Budgets as so many processes have them, on one database. */
const worldOf = (processes: number) =>
  Layer.effect(
    BudgetWorld,
    Effect.gen(function* () {
      const contexts = yield* Effect.forEach(Array.from({ length: processes }), () =>
        Layer.build(budget)
      )
      const budgets = contexts.map((context) => Context.get(context, RequestBudget))
      return { budgets }
    })
  ).pipe(Layer.provide(layerSqliteClient({ filename: ":memory:" })))

for (const processes of [1, 3])
  describe(`the budget on SQLite, shared by ${processes}`, () => {
    for (const { name, run } of budgetContract)
      it.effect(name, () => Effect.provide(run, worldOf(processes)))
  })
