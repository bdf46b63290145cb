import { Clock, Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { holds, same } from "../ContractCase.ts"
import {
  ALLOWED,
  type BudgetCase,
  interruptAll,
  KEPT,
  soon,
  SPREAD_MS,
  TRIP,
  worldWith
} from "./BudgetWorld.ts"
import { SERVER_WINDOW_MS } from "./LimitedServer.ts"
import { PATIENT } from "./playBudget.ts"

const SECOND_MS = 1_000

/** What every request budget promises of what it counts. */
export const counting: ReadonlyArray<BudgetCase> = [
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
