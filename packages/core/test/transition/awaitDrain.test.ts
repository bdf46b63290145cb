import { assert } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { awaitDrain, type DrainResult } from "../../src/index.ts"
import { requestFor, withLedger, worldWith } from "./fixtures.ts"
import { CAMPAIGN, portsOf, Probe } from "./probe.ts"
import type { World } from "./world.ts"

const waiting = (world: World) => {
  const probe = new Probe(
    world,
    requestFor({ target: "paused" }),
    [{ kind: "rateLimited", retryAfterMs: 2_000 }],
    undefined
  )
  return awaitDrain(CAMPAIGN, { deadline: "2 minutes" }).pipe(Effect.provide(portsOf(probe, false)))
}

const endsWith = (
  name: string,
  status: World["status"],
  happen: (world: World) => void,
  expected: DrainResult["_tag"]
) =>
  withLedger(name, () =>
    Effect.gen(function* () {
      const world = worldWith({ status, calls: 3 })
      const fiber = yield* Effect.forkChild(waiting(world))
      yield* TestClock.adjust("30 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      happen(world)
      yield* TestClock.adjust("2 minutes")
      const result = yield* Fiber.join(fiber)
      assert.strictEqual(result._tag, expected)
      assert.isAtMost(result.waitedMs, 120_000)
      assert.isAbove(result.polls, 5)
    })
  )

endsWith("ends when the last call has ended", "stopping", (world) => world.endCalls(), "Drained")
endsWith(
  "ends when a forced stop has drained",
  "forced_stopping",
  (world) => world.endCalls(),
  "Drained"
)
endsWith("ends at its deadline, with the pause standing", "stopping", () => {}, "StillDraining")
endsWith(
  "ends when somebody turns the campaign on again",
  "stopping",
  (world) => world.set("on"),
  "Resumed"
)

endsWith(
  "takes a status that it does not know for no end of any call",
  "stopping",
  // What a later version of Genesys may show: no status of the model.
  (world) => world.set("winding_down" as World["status"]),
  "NotShown"
)
