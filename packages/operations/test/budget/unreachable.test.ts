import { type BudgetClass, RequestBudget } from "@campaignctl/core"
import { LimitedServer, PATIENT } from "@campaignctl/core/testing"
import { idsLive, layerSqliteClient } from "@campaignctl/ledger-sql"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { layerSqlBudget } from "../../src/index.ts"

const ALLOWED = 100
const KEPT = 5
const TRIP = { outMs: 10, backMs: 10, lost: false }
const BACK_WITHIN_MS = 2_000

const shared = layerSqlBudget({
  clientId: "client",
  apiUrl: "https://api.example",
  clock: "process"
}).pipe(Layer.provide(idsLive), Layer.provideMerge(layerSqliteClient({ filename: ":memory:" })))

it.effect(
  "while the database cannot be reached halts go on with their share, and the others wait",
  () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const budget = yield* RequestBudget
      const server = new LimitedServer(ALLOWED)
      const ask = (budgetClass: BudgetClass, atOnce = false) =>
        budget.around(
          { class: budgetClass, atOnce, ...PATIENT },
          server.request(budgetClass, TRIP),
          (heard) => heard
        )
      const asking = (budgetClass: BudgetClass) => Effect.forkChild(ask(budgetClass))
      const sentOf = (budgetClass: BudgetClass) =>
        server.log.filter((arrival) => arrival.class === budgetClass).length

      const first = yield* asking("guard")
      yield* TestClock.adjust(BACK_WITHIN_MS)
      yield* Fiber.join(first)

      yield* sql`ALTER TABLE request_budgets RENAME TO elsewhere`
      const halts = yield* Effect.forEach(Array.from({ length: 2 * KEPT }), () => asking("halt"))
      const operator = yield* asking("operator")
      yield* TestClock.adjust(BACK_WITHIN_MS)
      assert.strictEqual(sentOf("halt"), KEPT)
      assert.strictEqual(sentOf("operator"), 0)
      assert.strictEqual((yield* Effect.flip(ask("operator", true)))._tag, "RateLimited")

      yield* sql`ALTER TABLE elsewhere RENAME TO request_budgets`
      yield* TestClock.adjust(BACK_WITHIN_MS)
      assert.strictEqual(sentOf("halt"), 2 * KEPT)
      yield* Fiber.join(operator)
      yield* Effect.forEach(halts, Fiber.join)
      // What was sent meanwhile is known to the database now, which counts it for all.
      const [counted] = yield* sql<{
        permits: number
      }>`SELECT count(*) AS permits FROM request_permits`
      assert.strictEqual(counted?.permits, server.log.length)
      assert.strictEqual((yield* budget.seen)?.used, server.log.length)
    }).pipe(Effect.provide(shared))
)
