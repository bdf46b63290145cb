import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { inject } from "vitest"
import { memoryRequestBudget, RequestBudget } from "../../src/index.ts"
import {
  type Arrival,
  type BudgetScenario,
  playBudget,
  SERVER_WINDOW_MS
} from "../../src/testing/index.ts"
import { scenarios } from "./scenarios.ts"

const play = (scenario: BudgetScenario) =>
  RequestBudget.use((budget) => playBudget([budget], scenario)).pipe(
    Effect.provide(memoryRequestBudget()),
    Effect.provide(TestClock.layer())
  )

/** The newest limit that a reply had told when this request was sent; before any, what the server has. */
const toldTo = (log: ReadonlyArray<Arrival>, { allowed, sentAt }: Arrival): number =>
  log.findLast(({ receivedAt }) => receivedAt <= sentAt)?.allowed ?? allowed

describe("the law of the budget", () => {
  it("holds over any minute, whatever happens", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { server } = await Effect.runPromise(play(scenario))
        const log = server.log
        for (const [to, last] of log.entries()) {
          const minute = log.slice(0, to + 1).filter(({ at }) => at > last.at - SERVER_WINDOW_MS)
          const allowed = Math.max(...minute.map((arrival) => toldTo(log, arrival)))
          assert.isAtMost(minute.length, allowed)
        }
      }),
      { numRuns: 60 * inject("scale") }
    )
  })

  it("never sends what the last reply and those since have used up already", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { server } = await Effect.runPromise(play(scenario))
        const log = server.log
        for (const request of log) {
          const newest = log.findLast(
            ({ receivedAt, windowEndsAt }) =>
              receivedAt <= request.sentAt && windowEndsAt > request.sentAt
          )
          if (newest === undefined) continue
          const since = log.filter(
            ({ at, sentAt }) => at > newest.at && sentAt <= request.sentAt
          ).length
          assert.isAtMost(newest.used + since, newest.allowed)
        }
      }),
      { numRuns: 60 * inject("scale") }
    )
  })

  it("lets everybody through in the end", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { sent } = await Effect.runPromise(play({ ...scenario, others: [] }))
        assert.strictEqual(sent.length, scenario.requests.length)
      }),
      { numRuns: 30 * inject("scale") }
    )
  })
})
