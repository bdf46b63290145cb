import { Clock, Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import { type ContractCase, fails, holds, same } from "../ContractCase.ts"
import { type BudgetWorld, interruptAll, soon, SPREAD_MS, TRIP, worldWith } from "./BudgetWorld.ts"
import { SERVER_WINDOW_MS } from "./LimitedServer.ts"
import { PATIENT } from "./playBudget.ts"

const SECOND_MS = 1_000
const ALLOWED = 100
const KEPT = 5

/** What every request budget promises. To be run on the test clock. */
export const budgetContract: ReadonlyArray<ContractCase<BudgetWorld>> = [
  {
    name: "a burst is admitted up to what is allowed, less the share that is kept for halts",
    run: Effect.gen(function* () {
      const { learn, many, server, sentOf } = yield* worldWith(ALLOWED)
      yield* learn
      const before = server.log.length
      const operators = yield* many("operator", 2 * ALLOWED)
      yield* soon
      yield* same("sent", server.log.length - before, ALLOWED - KEPT)
      const halts = yield* many("halt", KEPT + 1)
      yield* soon
      yield* same("halts that were sent", sentOf("halt").length, KEPT)
      yield* interruptAll([...operators, ...halts])
    })
  },
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
      yield* holds(
        (error.retryAfterMs ?? 0) > 0 && (error.retryAfterMs ?? 0) <= SERVER_WINDOW_MS,
        `a wait of ${error.retryAfterMs} ms`
      )
      yield* TestClock.adjust(error.retryAfterMs ?? 0)
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
    name: "after a refusal nobody sends until it has passed, not even a halt",
    run: Effect.gen(function* () {
      const { inBackground, learn, next, sentOf } = yield* worldWith(ALLOWED)
      yield* learn
      const refusedForMs = 20_000
      yield* next().around(
        { class: "operator", atOnce: false, ...PATIENT },
        Effect.succeed({ refusedForMs }),
        (heard) => heard
      )
      yield* TestClock.adjust(SECOND_MS)
      const halt = yield* inBackground("halt")
      yield* TestClock.adjust(refusedForMs - SECOND_MS - 1)
      yield* same("halts that were sent", sentOf("halt").length, 0)
      yield* TestClock.adjust(SECOND_MS)
      yield* same("halts that were sent then", sentOf("halt").length, 1)
      yield* interruptAll([halt])
    })
  },
  {
    name: "a request that is never heard of again counts for its longest time and a minute more",
    run: Effect.gen(function* () {
      const { inBackground, learn, many, server } = yield* worldWith(ALLOWED)
      yield* learn
      const before = server.log.length
      const lost = yield* many("operator", ALLOWED - KEPT, { trip: { ...TRIP, lost: true } })
      const waiting = yield* inBackground("operator")
      yield* TestClock.adjust(SERVER_WINDOW_MS + PATIENT.longestMs)
      yield* same("sent", server.log.length - before, ALLOWED - KEPT)
      yield* TestClock.adjust(SPREAD_MS)
      yield* same("sent then", server.log.length - before, ALLOWED - KEPT + 1)
      yield* interruptAll([...lost, waiting])
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
    name: "the background is paced evenly, and leaves room for an operator at any time",
    run: Effect.gen(function* () {
      const { learn, many, sentOf, server } = yield* worldWith(ALLOWED)
      yield* learn
      const fleet = yield* many("fleet", 3 * ALLOWED)
      yield* TestClock.adjust(SERVER_WINDOW_MS / 2)
      const half = sentOf("fleet")
      yield* holds(
        half.length > 0.4 * ALLOWED && half.length < 0.55 * ALLOWED,
        `${half.length} in half a minute`
      )
      const asked = yield* Clock.currentTimeMillis
      const operators = yield* many("operator", ALLOWED / 10)
      yield* soon
      yield* same("operators that were sent", sentOf("operator").slice(1).length, ALLOWED / 10)
      yield* holds(
        sentOf("operator")
          .slice(1)
          .every(({ sentAt }) => sentAt === asked),
        "an operator waited beside a paced fleet"
      )
      yield* holds(server.mostInAMinute() <= ALLOWED, "more than is allowed")
      yield* interruptAll([...fleet, ...operators])
    })
  },
  ...(["fleet", "operator"] as const).map((budgetClass): ContractCase<BudgetWorld> => ({
    name: `1,000 requests of the class ${budgetClass} take at most 1.1 of what the granted rate needs`,
    run: Effect.gen(function* () {
      const granted = 300
      const requests = 1_000
      const { learn, many, server } = yield* worldWith(granted)
      yield* learn
      const from = yield* Clock.currentTimeMillis
      const fibers = yield* many(budgetClass, requests)
      yield* TestClock.adjust((requests / granted) * SERVER_WINDOW_MS * 1.1)
      const sent = server.log.filter(({ sentAt }) => sentAt >= from)
      yield* same("requests that were sent in that time", sent.length, requests)
      yield* holds(server.mostInAMinute() <= granted, "more than is allowed")
      yield* interruptAll(fibers)
    })
  })),
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
    name: "nothing waits where the replies tell no limit",
    run: Effect.gen(function* () {
      const { next } = yield* worldWith(ALLOWED)
      let sent = 0
      const ask = () =>
        next().around(
          { class: "fleet", atOnce: false, ...PATIENT },
          Effect.sync(() => {
            sent += 1
          }),
          () => ({ unlimited: true })
        )
      const first = yield* Effect.forkChild(ask())
      yield* soon
      yield* Fiber.join(first)
      const fibers = yield* Effect.forEach(Array.from({ length: 1_000 }), () =>
        Effect.forkChild(ask())
      )
      yield* soon
      yield* same("requests that were sent", sent, 1_001)
      yield* interruptAll(fibers)
    })
  },
  {
    name: "what others use of the client counts, until the server counts anew",
    run: Effect.gen(function* () {
      const { inBackground, learn, many, server } = yield* worldWith(ALLOWED)
      yield* learn
      server.others(ALLOWED - 10, yield* Clock.currentTimeMillis)
      const one = yield* inBackground("operator")
      yield* soon
      const before = server.log.length
      const operators = yield* many("operator", ALLOWED)
      yield* soon
      yield* holds(
        server.log.length - before <= 10 - KEPT,
        `${server.log.length - before} were sent beside ${ALLOWED - 10} of others`
      )
      yield* TestClock.adjust(SERVER_WINDOW_MS)
      yield* holds(
        server.log.every(({ status }) => status < 300),
        "a request was refused"
      )
      yield* holds(
        server.log.length - before >= ALLOWED - 2 * KEPT,
        `${server.log.length - before} were sent in the next minute`
      )
      yield* interruptAll([one, ...operators])
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
  },
  {
    name: "tells what is allowed, used and kept, once a reply has told it",
    run: Effect.gen(function* () {
      const { inBackground, next } = yield* worldWith(ALLOWED)
      yield* same("before", yield* next().seen, undefined)
      const one = yield* inBackground("operator")
      yield* soon
      const seen = yield* next().seen
      yield* same("allowed", seen?.allowed, ALLOWED)
      yield* same("kept", seen?.kept, KEPT)
      yield* same("used", seen?.used, 1)
      yield* interruptAll([one])
    })
  }
]
