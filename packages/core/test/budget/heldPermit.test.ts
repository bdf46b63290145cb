import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import { memoryRequestBudget, RequestBudget } from "../../src/index.ts"
import { LimitedServer, PATIENT } from "../../src/testing/index.ts"

const ALLOWED = 60
const TRIP = { outMs: 20, backMs: 20, lost: false }

/** Whether a request is sent under the permit of its work, where no other permit is free. */
const isSent = (afterMs: number, longestMs: number) =>
  Effect.gen(function* () {
    const budget = yield* RequestBudget
    const server = new LimitedServer(ALLOWED)
    const ask = (atOnce: boolean, asked = PATIENT) =>
      budget.around(
        { class: "operator", atOnce, ...asked },
        server.request("operator", TRIP),
        (heard) => heard
      )
    const first = yield* Effect.forkChild(ask(false))
    yield* TestClock.adjust("2 minutes")
    yield* Fiber.join(first)
    const working = yield* Effect.forkChild(
      budget.ahead(
        { class: "operator", ...PATIENT },
        Effect.delay(Effect.result(ask(true, { ...PATIENT, longestMs })), afterMs)
      ),
      { startImmediately: true }
    )
    yield* TestClock.adjust(1)
    const others = yield* Effect.forEach(Array.from({ length: ALLOWED }), () =>
      Effect.forkChild(ask(false))
    )
    yield* TestClock.adjust("40 seconds")
    const sent = Result.isSuccess(yield* Fiber.join(working))
    yield* Effect.forEach(others, Fiber.interrupt)
    return sent
  }).pipe(Effect.provide(memoryRequestBudget()))

describe("a permit that was taken ahead", () => {
  const cases: ReadonlyArray<readonly [afterMs: number, longestMs: number, sent: boolean]> = [
    [29_000, PATIENT.longestMs, true],
    [31_000, PATIENT.longestMs, false],
    [29_000, PATIENT.longestMs + 1, false]
  ]
  for (const [afterMs, longestMs, sent] of cases)
    it.effect(
      `is ${sent ? "" : "not "}for a request of ${longestMs} ms at most after ${afterMs} ms`,
      () => Effect.map(isSent(afterMs, longestMs), (found) => assert.strictEqual(found, sent))
    )
})
