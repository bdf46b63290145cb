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

/** Windows in which the most requests of a scenario go through by the fewest that a window allows. */
const PATIENT_WINDOWS = 150

const play = (scenario: BudgetScenario, windows?: number) =>
  RequestBudget.use((budget) => playBudget([budget], scenario, windows)).pipe(
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
          const told = log.filter(
            ({ receivedAt, windowEndsAt }) =>
              receivedAt <= request.sentAt && windowEndsAt > request.sentAt
          )
          const newest = told.findLast(({ receivedAt }) => receivedAt < request.sentAt)
          if (newest === undefined) continue
          // Of replies that came in the same millisecond nobody knows whether they were heard before.
          const meanwhile = told.filter(({ receivedAt }) => receivedAt === request.sentAt)
          const isWithin = ({ allowed, at, used }: Arrival): boolean =>
            used + log.filter((one) => one.at > at && one.sentAt <= request.sentAt).length <=
            allowed
          assert.isTrue([newest, ...meanwhile].some(isWithin), JSON.stringify(request))
        }
      }),
      { numRuns: 60 * inject("scale") }
    )
  })

  it("lets everybody through in the end", async () => {
    await fc.assert(
      fc.asyncProperty(scenarios, async (scenario) => {
        const { sent } = await Effect.runPromise(play({ ...scenario, others: [] }, PATIENT_WINDOWS))
        assert.strictEqual(sent.length, scenario.requests.length)
      }),
      { numRuns: 30 * inject("scale") }
    )
  })
})
