import { type BudgetClass, RequestBudget } from "@campaignctl/core"
import { LimitedServer, PATIENT } from "@campaignctl/core/testing"
import { idsLive, layerSqliteClient } from "@campaignctl/ledger-sql"
import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Result } from "effect"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { layerSqlBudget } from "../../src/index.ts"

const ALLOWED = 100
const KEPT = 5
const TRIP = { outMs: 10, backMs: 10, lost: false }
const WINDOW_MS = 60_000
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

      // All but what is kept is spent by others, as far as anybody can tell.
      server.others(ALLOWED - KEPT - 2, 0)
      const last = yield* asking("operator")
      yield* TestClock.adjust(BACK_WITHIN_MS)
      yield* Fiber.join(last)

      yield* sql`ALTER TABLE request_budgets RENAME TO elsewhere`
      const halts = yield* Effect.forEach(Array.from({ length: 2 * KEPT }), () => asking("halt"))
      const fleet = yield* asking("fleet")
      yield* TestClock.adjust(BACK_WITHIN_MS)
      assert.strictEqual(sentOf("halt"), KEPT)
      assert.strictEqual(sentOf("operator"), 1)
      assert.strictEqual((yield* Effect.flip(ask("operator", true)))._tag, "BudgetUnavailable")
      // What waits in the background outlasts it, and is told of by its own patience alone.
      assert.isUndefined(fleet.pollUnsafe())

      yield* sql`ALTER TABLE elsewhere RENAME TO request_budgets`
      yield* TestClock.adjust(BACK_WITHIN_MS)
      // What was sent meanwhile is known to the database now, which counts it for all.
      const [counted] = yield* sql<{
        permits: number
      }>`SELECT count(*) AS permits FROM request_permits`
      assert.strictEqual(counted?.permits, server.log.length)
      assert.strictEqual((yield* budget.seen)?.used, ALLOWED)
      yield* TestClock.adjust(WINDOW_MS)
      assert.strictEqual(sentOf("halt"), 2 * KEPT)
      yield* Fiber.join(fleet)
      yield* Effect.forEach(halts, Fiber.join)
      assert.isTrue(server.log.every(({ status }) => status === 200))
    }).pipe(Effect.provide(shared))
)

/** What the README promises to a person. */
const OPERATOR_WAITS_MS = 5_000
/** The most that a look at the database, or the pause before the next one, adds to it. */
const LOOK_MS = 2_500
const WAIT_MS = 30_000

it.effect(
  "a person is told within seconds that the database of the budget is gone, and that nothing was sent",
  () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const budget = yield* RequestBudget
      const server = new LimitedServer(ALLOWED)
      const ask = (budgetClass: BudgetClass, patienceMs = PATIENT.patienceMs) =>
        Effect.forkChild(
          Effect.result(
            budget.around(
              { class: budgetClass, atOnce: false, ...PATIENT, patienceMs },
              server.request(budgetClass, TRIP),
              (heard) => heard
            )
          )
        )
      const first = yield* ask("operator")
      yield* TestClock.adjust(BACK_WITHIN_MS)
      yield* Fiber.join(first)

      yield* sql`ALTER TABLE request_budgets RENAME TO elsewhere`
      const operator = yield* ask("operator")
      const ahead = yield* Effect.forkChild(
        Effect.flip(budget.ahead({ class: "operator", ...PATIENT }, Effect.void))
      )
      const impatient = yield* ask("schedule", WAIT_MS)
      const background = yield* Effect.forEach(["guard", "fleet", "schedule"] as const, (one) =>
        ask(one)
      )
      yield* TestClock.adjust(OPERATOR_WAITS_MS - 1)
      assert.isUndefined(operator.pollUnsafe())
      yield* TestClock.adjust(LOOK_MS)
      assert.strictEqual((yield* Fiber.join(ahead))._tag, "BudgetUnavailable")
      const refused = yield* Fiber.join(operator)
      assert.isTrue(Result.isFailure(refused) && refused.failure._tag === "BudgetUnavailable")
      // One that comes later is given as much time, in which the database may come back.
      const late = yield* ask("operator")
      yield* TestClock.adjust(OPERATOR_WAITS_MS - LOOK_MS)
      yield* sql`ALTER TABLE elsewhere RENAME TO request_budgets`
      yield* TestClock.adjust(LOOK_MS)
      assert.isTrue(Result.isSuccess(yield* Fiber.join(late)))

      yield* sql`ALTER TABLE request_budgets RENAME TO elsewhere`
      const lasting = yield* ask("fleet", WAIT_MS)
      yield* TestClock.adjust(WAIT_MS)
      const told = yield* Fiber.join(lasting)
      assert.isTrue(Result.isFailure(told) && told.failure._tag === "BudgetUnavailable")
      assert.isTrue(Result.isSuccess(yield* Fiber.join(impatient)))
      yield* Effect.forEach(background, Fiber.join)
      assert.lengthOf(
        server.log.filter((arrival) => arrival.class === "operator"),
        2
      )
    }).pipe(Effect.provide(shared))
)

const HALTS = 60

for (const { heard, when } of [
  { when: "after a reply", heard: true },
  { when: "before any", heard: false }
])
  it.effect(
    `where the database cannot be reached ${when} has come, halts take all that the replies grant but the kept share`,
    () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const budget = yield* RequestBudget
        const server = new LimitedServer(ALLOWED)
        const asking = Effect.forkChild(
          budget.around(
            { class: "halt", atOnce: false, ...PATIENT },
            server.request("halt", TRIP),
            (said) => said
          )
        )
        if (heard) {
          const first = yield* asking
          yield* TestClock.adjust(BACK_WITHIN_MS)
          yield* Fiber.join(first)
        }
        yield* sql`ALTER TABLE request_budgets RENAME TO elsewhere`
        for (let count = 0; count < 2 * HALTS; count++) yield* asking
        yield* TestClock.adjust(5 * BACK_WITHIN_MS)
        assert.isAtLeast(server.log.length, ALLOWED - KEPT)
        assert.isAtMost(server.log.length, ALLOWED)
        // What is spent by others as well counts by what the replies say.
        yield* TestClock.adjust(WINDOW_MS)
        assert.isAtLeast(server.log.length, 2 * HALTS)
        assert.isAtMost(server.mostInAMinute(), ALLOWED)
        assert.isTrue(server.log.every(({ status }) => status === 200))
      }).pipe(Effect.provide(shared))
  )
