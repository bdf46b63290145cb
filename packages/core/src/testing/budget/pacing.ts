import { Clock, Effect } from "effect"
import { TestClock } from "effect/testing"
import { holds, same } from "../ContractCase.ts"
import { ALLOWED, type BudgetCase, interruptAll, soon, worldWith } from "./BudgetWorld.ts"
import { SERVER_WINDOW_MS } from "./LimitedServer.ts"

/** What every request budget promises of the pace of those who can wait. */
export const pacing: ReadonlyArray<BudgetCase> = [
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
  ...(["fleet", "operator"] as const).map((budgetClass): BudgetCase => ({
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
  }))
]
