import { Effect } from "effect"
import { fails, holds, same } from "../ContractCase.ts"
import { GatewayWorld, RATE_LIMIT_SECONDS } from "../GatewayWorld.ts"
import {
  add,
  added,
  apply,
  type Case,
  change,
  FAULTS,
  faults,
  get,
  pages,
  requests,
  writes
} from "./steps.ts"

/** What every gateway promises of what fails. */
export const failing: ReadonlyArray<Case> = [
  ...faults.map((fault): Case => ({
    name: `a write that is ${fault} is ${FAULTS[fault].tag}, sent once, ${FAULTS[fault].applied ? "and had its effect" : "without effect"}`,
    run: Effect.gen(function* () {
      const before = yield* added("active")
      yield* GatewayWorld.use((world) => world.failNext("apply", fault))
      const arrived = yield* requests
      const error = yield* fails("apply", apply(before, change("paused")))
      yield* same("the error", error._tag, FAULTS[fault].tag)
      yield* same("the requests", (yield* requests) - arrived, 1)
      yield* same("the writes", (yield* writes).length, FAULTS[fault].applied ? 1 : 0)
      const after = yield* get(before.id)
      yield* holds(
        (after.lock !== before.lock) === FAULTS[fault].applied,
        "the lock tells another story"
      )
    })
  })),
  ...(["get", "list"] as const).flatMap((kind) =>
    (["rate-limited", "server-error", "lost-before", "permission-missing"] as const).map(
      (fault): Case => ({
        name: `a ${kind} that is ${fault} is ${FAULTS[fault].tag}, sent once, and the next one works`,
        run: Effect.gen(function* () {
          const id = yield* add("active")
          yield* GatewayWorld.use((world) => world.failNext(kind, fault))
          const arrived = yield* requests
          const read = kind === "get" ? Effect.asVoid(get(id)) : Effect.asVoid(pages({}))
          const error = yield* fails(kind, read)
          yield* same("the error", error._tag, FAULTS[fault].tag)
          yield* same("the requests", (yield* requests) - arrived, 1)
          yield* read
        })
      })
    )
  ),
  {
    name: "a rate limit says how long to wait",
    run: Effect.gen(function* () {
      const id = yield* add("active")
      yield* GatewayWorld.use((world) => world.failNext("get", "rate-limited"))
      const error = yield* fails("get", get(id))
      yield* holds(
        error._tag === "RateLimited" && error.retryAfterMs === RATE_LIMIT_SECONDS * 1_000,
        `expected ${RATE_LIMIT_SECONDS} s, found ${JSON.stringify(error)}`
      )
    })
  }
]
