import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import { memoryRequestBudget, RequestBudget } from "../../src/index.ts"
import { LimitedServer, PATIENT } from "../../src/testing/index.ts"
import { startingAhead } from "../../src/transition/startingAhead.ts"

const ALLOWED = 60
const TRIP = { outMs: 20, backMs: 20, lost: false }

for (const ahead of [true, false])
  it.effect(
    `a start ${ahead ? "has its turn" : "would never have one"} beside a fleet that takes all that is free`,
    () =>
      Effect.gen(function* () {
        const budget = yield* RequestBudget
        const server = new LimitedServer(ALLOWED)
        const ask = (budgetClass: "fleet" | "operator", atOnce: boolean) =>
          budget.around(
            { class: budgetClass, atOnce, ...PATIENT },
            server.request(budgetClass, TRIP),
            (heard) => heard
          )
        const fleet = yield* Effect.forEach(Array.from({ length: 5 * ALLOWED }), () =>
          Effect.forkChild(ask("fleet", false))
        )
        yield* TestClock.adjust("2 minutes")
        const starting = yield* Effect.forkChild(
          Effect.result(startingAhead(ahead, Effect.delay(ask("operator", true), 50)))
        )
        yield* TestClock.adjust("3 seconds")
        const started = yield* Fiber.join(starting)
        assert.strictEqual(Result.isSuccess(started), ahead)
        yield* Effect.forEach(fleet, Fiber.interrupt)
      }).pipe(Effect.provide(memoryRequestBudget()))
  )

it.effect("a start that has no turn in time is decided all the same", () =>
  Effect.gen(function* () {
    const budget = yield* RequestBudget
    const server = new LimitedServer(ALLOWED)
    const ask = budget.around(
      { class: "operator", atOnce: false, ...PATIENT },
      server.request("operator", TRIP),
      (heard) => heard
    )
    const operators = yield* Effect.forEach(Array.from({ length: 2 * ALLOWED }), () =>
      Effect.forkChild(ask)
    )
    yield* TestClock.adjust("10 seconds")
    const starting = yield* Effect.forkChild(startingAhead(true, Effect.succeed("decided")))
    yield* TestClock.adjust("2 seconds")
    assert.strictEqual(yield* Fiber.join(starting), "decided")
    yield* Effect.forEach(operators, Fiber.interrupt)
  }).pipe(Effect.provide(memoryRequestBudget()))
)
