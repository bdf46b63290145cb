import { Context, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { BudgetClass, BudgetHeard, RequestBudget } from "../../ports/RequestBudget.ts"
import type { ContractCase } from "../ContractCase.ts"
import { LimitedServer, SERVER_WINDOW_MS } from "./LimitedServer.ts"
import { PATIENT } from "./playBudget.ts"

/** Budgets that share what they count, as processes do that share a store; one where nothing is shared. */
export class BudgetWorld extends Context.Service<
  BudgetWorld,
  { readonly budgets: ReadonlyArray<RequestBudget["Service"]> }
>()("@campaignctl/core/testing/BudgetWorld") {}

export type BudgetCase = ContractCase<BudgetWorld>

/** Requests a minute that the server of most cases allows. */
export const ALLOWED = 100
/** Of these, how many are kept for halts. */
export const KEPT = 5
/** Milliseconds there and back. */
export const TRIP = { outMs: 40, backMs: 60, lost: false }
/** Milliseconds for what one budget says to be known to those that share its store. */
export const SPREAD_MS = 3_000

/** What the cases do with the budgets of the world and a server that allows so many requests a minute. */
export const worldWith = (allowed: number) =>
  BudgetWorld.useSync(({ budgets }) => {
    const server = new LimitedServer(allowed)
    let turn = 0
    /** Each in turn; of two that share a store the one as well as the other. */
    const next = (): RequestBudget["Service"] => {
      turn += 1
      const [first] = budgets
      const budget = budgets[turn % budgets.length] ?? first
      if (budget === undefined) throw new Error("The world has no budget.")
      return budget
    }
    const around = (
      budgetClass: BudgetClass,
      { budget = next(), trip = TRIP, ...asked }: Partial<Asked> = {}
    ) =>
      Effect.suspend(() =>
        budget.around(
          { class: budgetClass, atOnce: false, ...PATIENT, ...asked },
          server.request(budgetClass, trip),
          (heard: BudgetHeard) => heard
        )
      )
    const inBackground = (budgetClass: BudgetClass, asked?: Partial<Asked>) =>
      Effect.forkChild(around(budgetClass, asked), { startImmediately: true })
    /** Asked in order, and each at work before the next one asks. */
    const many = (budgetClass: BudgetClass, count: number, asked?: Partial<Asked>) =>
      Effect.forEach(Array.from({ length: count }), () => inBackground(budgetClass, asked))
    const sentOf = (budgetClass: BudgetClass) =>
      server.log.filter((arrival) => arrival.class === budgetClass)
    /** One request, so that what is allowed is known everywhere; then a minute without any. */
    const learn = Effect.gen(function* () {
      const first = yield* inBackground("operator")
      yield* TestClock.adjust(SPREAD_MS + SERVER_WINDOW_MS)
      yield* Fiber.join(first)
    })
    return { budgets, server, next, around, inBackground, many, sentOf, learn }
  })

interface Asked {
  readonly budget: RequestBudget["Service"]
  readonly trip: typeof TRIP
  readonly atOnce: boolean
  readonly patienceMs: number
  readonly longestMs: number
}

export const soon = TestClock.adjust(SPREAD_MS)
export const interruptAll = (fibers: ReadonlyArray<Fiber.Fiber<unknown, unknown>>) =>
  Effect.forEach(fibers, Fiber.interrupt, { discard: true })
