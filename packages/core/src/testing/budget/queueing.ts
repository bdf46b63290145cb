import { Clock, Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import { fails, holds, same } from "../ContractCase.ts"
import {
  ALLOWED,
  type BudgetCase,
  interruptAll,
  KEPT,
  soon,
  SPREAD_MS,
  worldWith
} from "./BudgetWorld.ts"
import { SERVER_WINDOW_MS } from "./LimitedServer.ts"
import { PATIENT } from "./playBudget.ts"

const SECOND_MS = 1_000

/** What every request budget promises of those who wait. */
export const queueing: ReadonlyArray<BudgetCase> = [
  {
    name: "a halt is out at once while a fleet waits, and overtakes all of it when nothing is kept any more",
    run: Effect.gen(function* () {
      const { learn, many, sentOf, server } = yield* worldWith(ALLOWED)
      yield* learn
      const fleet = yield* many("fleet", 5 * ALLOWED)
      const operators = yield* many("operator", ALLOWED)
      yield* TestClock.adjust(SERVER_WINDOW_MS / 2)
      const haltedAt = yield* Clock.currentTimeMillis
      const halts = yield* many("halt", 2 * KEPT)
      yield* TestClock.adjust(2 * SERVER_WINDOW_MS)
      const sent = sentOf("halt")
      yield* same("halts that were sent", sent.length, 2 * KEPT)
      yield* same("when the first was", sent[0]?.sentAt, haltedAt)
      const others = server.log.filter(
        (arrival) =>
          arrival.class !== "halt" &&
          arrival.sentAt > haltedAt &&
          arrival.sentAt < (sent.at(-1)?.sentAt ?? 0)
      )
      yield* same("others sent while a halt waited", others.length, 0)
      yield* interruptAll([...fleet, ...operators, ...halts])
    })
  },
  {
    name: "what is to be sent at once fails at once where nothing is free, with the wait",
    run: Effect.gen(function* () {
      const { around, learn, many } = yield* worldWith(ALLOWED)
      yield* learn
      const operators = yield* many("operator", ALLOWED)
      yield* soon
      const error = yield* fails("the request", around("operator", { atOnce: true }))
      yield* same("the error", error._tag, "RateLimited")
      const waitMs = error._tag === "RateLimited" ? (error.retryAfterMs ?? 0) : 0
      yield* holds(waitMs > 0 && waitMs <= SERVER_WINDOW_MS, `a wait of ${waitMs} ms`)
      yield* TestClock.adjust(waitMs)
      yield* interruptAll(operators)
    })
  },
  {
    name: "a wait that is longer than the patience fails as soon as it is known",
    run: Effect.gen(function* () {
      const { around, learn, many } = yield* worldWith(ALLOWED)
      yield* learn
      const operators = yield* many("operator", ALLOWED - KEPT)
      yield* soon
      const error = yield* fails("the request", around("operator", { patienceMs: SECOND_MS }))
      yield* same("the error", error._tag, "RateLimited")
      yield* interruptAll(operators)
    })
  },
  {
    name: "whoever goes out of the queue takes no permit along",
    run: Effect.gen(function* () {
      const { inBackground, learn, many, sentOf } = yield* worldWith(ALLOWED)
      yield* learn
      const operators = yield* many("operator", ALLOWED - KEPT)
      yield* soon
      yield* interruptAll(yield* many("operator", ALLOWED))
      const last = yield* inBackground("guard")
      yield* TestClock.adjust(SERVER_WINDOW_MS + SPREAD_MS)
      yield* same("requests of the one who waited", sentOf("guard").length, 1)
      yield* interruptAll([...operators, last])
    })
  },
  {
    name: "those who wait take turns by weight, and nobody starves",
    run: Effect.gen(function* () {
      const { learn, many, sentOf, server } = yield* worldWith(ALLOWED)
      yield* learn
      const fibers = yield* Effect.forEach(
        ["schedule", "fleet", "guard", "operator"] as const,
        (one) => many(one, 20 * ALLOWED)
      )
      yield* TestClock.adjust(10 * SERVER_WINDOW_MS)
      const [schedule, fleet, guard, operator] = [
        sentOf("schedule").length,
        sentOf("fleet").length,
        sentOf("guard").length,
        sentOf("operator").length
      ]
      const told = JSON.stringify({ operator, guard, fleet, schedule })
      yield* holds(operator > guard && guard > fleet, told)
      yield* holds(schedule > ALLOWED / 2 && fleet > ALLOWED / 2, told)
      yield* holds(server.mostInAMinute() <= ALLOWED, "more than is allowed")
      yield* interruptAll(fibers.flat())
    })
  },
  {
    name: "within a class whoever came first goes first",
    run: Effect.gen(function* () {
      const { budgets, learn, many } = yield* worldWith(ALLOWED)
      yield* learn
      const operators = yield* many("operator", ALLOWED)
      yield* soon
      const order: Array<number> = []
      const [budget] = budgets
      if (budget === undefined) return
      const asking = yield* Effect.forEach([0, 1, 2, 3, 4, 5], (place) =>
        Effect.forkChild(
          budget.around(
            { class: "fleet", atOnce: false, ...PATIENT },
            Effect.sync(() => order.push(place)),
            () => ({})
          ),
          { startImmediately: true }
        )
      )
      yield* TestClock.adjust(2 * SERVER_WINDOW_MS)
      yield* same("the order", order, [0, 1, 2, 3, 4, 5])
      yield* interruptAll([...operators, ...asking])
    })
  },
  {
    name: "a permit that was taken ahead is used by what is to be sent at once, and goes back where nothing is",
    run: Effect.gen(function* () {
      const { around, learn, many, next, sentOf } = yield* worldWith(ALLOWED)
      yield* learn
      const operators = yield* many("operator", ALLOWED - KEPT - 1)
      yield* soon
      const budget = next()
      const work = (used: boolean) =>
        budget.ahead(
          { class: "schedule", ...PATIENT },
          Effect.gen(function* () {
            yield* Effect.sleep(SECOND_MS)
            if (!used) return "unused"
            const sent = yield* around("schedule", { budget, atOnce: true })
            // There is one, for one request.
            const again = yield* Effect.result(around("schedule", { budget, atOnce: true }))
            return sent.count !== undefined && Result.isFailure(again) ? "used" : "wrong"
          })
        )
      for (const used of [false, true]) {
        const working = yield* Effect.forkChild(work(used))
        yield* soon
        yield* same("the work", yield* Fiber.join(working), used ? "used" : "unused")
      }
      yield* same("requests that were sent", sentOf("schedule").length, 1)
      yield* interruptAll(operators)
    })
  }
]
