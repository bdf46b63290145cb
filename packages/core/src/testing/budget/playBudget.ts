import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { BudgetClass, RequestBudget } from "../../ports/RequestBudget.ts"
import { LimitedServer, SERVER_WINDOW_MS, type Trip } from "./LimitedServer.ts"

/** One request of a scenario. */
export interface PlayedRequest extends Trip {
  readonly atMs: number
  readonly class: BudgetClass
  /** Which of the budgets sends it, where several share one store; by the remainder. */
  readonly via: number
}

/** What happens to a budget: who asks, what others send, what the server allows. */
export interface BudgetScenario {
  readonly allowed: number
  readonly requests: ReadonlyArray<PlayedRequest>
  readonly others: ReadonlyArray<{ readonly atMs: number; readonly requests: number }>
  readonly changes: ReadonlyArray<{ readonly atMs: number; readonly allowed: number }>
}

/** A request that was admitted. Milliseconds of the test clock. */
export interface Sent {
  readonly class: BudgetClass
  readonly askedAt: number
  readonly sentAt: number
}

/** What came of a scenario. */
export interface BudgetPlay {
  readonly server: LimitedServer
  /** In the order in which they were sent. */
  readonly sent: ReadonlyArray<Sent>
}

/** Milliseconds: longer than any scenario, and as long as a request may take. */
export const PATIENT = { patienceMs: 36_000_000, longestMs: 16_000 }
/** Windows that the clock goes on for after the last event, so that all who wait are through. */
const WINDOWS_AFTER = 30

/** Plays a scenario on the test clock against a server with a log. */
export const playBudget = Effect.fnUntraced(function* (
  budgets: ReadonlyArray<RequestBudget["Service"]>,
  scenario: BudgetScenario,
  windowsAfter = WINDOWS_AFTER
) {
  const server = new LimitedServer(scenario.allowed)
  const start = yield* Clock.currentTimeMillis
  const sent: Array<Sent> = []
  const fibers: Array<Fiber.Fiber<unknown, unknown>> = []
  const later = <A, E>(atMs: number, effect: Effect.Effect<A, E>) =>
    Effect.map(Effect.forkChild(Effect.delay(effect, atMs)), (fiber) => fibers.push(fiber))

  for (const { allowed, atMs } of scenario.changes)
    yield* later(
      atMs,
      Effect.sync(() => {
        server.allowed = allowed
      })
    )
  for (const { atMs, requests } of scenario.others)
    yield* later(
      atMs,
      Effect.sync(() => server.others(requests, start + atMs))
    )
  for (const { atMs, class: budgetClass, via, ...trip } of scenario.requests) {
    const budget = budgets[via % budgets.length]
    if (budget === undefined) continue
    const request = Effect.flatMap(Clock.currentTimeMillis, (sentAt) => {
      sent.push({ class: budgetClass, askedAt: start + atMs, sentAt })
      return server.request(budgetClass, trip)
    })
    const admission = { class: budgetClass, atOnce: false, ...PATIENT }
    yield* later(
      atMs,
      budget.around(admission, request, (heard) => heard)
    )
  }
  const ends = [...scenario.requests, ...scenario.others, ...scenario.changes]
  const lastMs = Math.max(0, ...ends.map(({ atMs }) => atMs))
  yield* TestClock.adjust(lastMs + windowsAfter * SERVER_WINDOW_MS)
  yield* Effect.forEach(fibers, Fiber.interrupt, { discard: true })
  const play: BudgetPlay = { server, sent }
  return play
})
