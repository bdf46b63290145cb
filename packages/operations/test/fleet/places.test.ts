import {
  CampaignGateway,
  defaultGuardPolicy,
  defaultRetryPolicy,
  Settings
} from "@campaignctl/core"
import { GatewayWorld, type WorldState } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { OperationStore } from "../../src/database/OperationStore.ts"
import type { FleetSpec } from "../../src/index.ts"
import { begun, carryingOn } from "../support/carrying.ts"
import { memoryPorts } from "../support/memoryPorts.ts"
import { OPERATION } from "../support/pausing.ts"

const LIMIT = 5

/** Changes that take a while, as they do over a network: several are then under way at once. */
const slowPorts = Layer.effect(
  CampaignGateway,
  Effect.map(CampaignGateway, (gateway) => ({
    ...gateway,
    apply: (...change: Parameters<typeof gateway.apply>) =>
      Effect.delay(gateway.apply(...change), "200 millis")
  }))
).pipe(Layer.provideMerge(memoryPorts))

const limited = Layer.merge(
  carryingOn(slowPorts),
  Layer.succeed(Settings, {
    guards: { ...defaultGuardPolicy, activeLimit: LIMIT },
    retry: defaultRetryPolicy,
    governanceLevel: "L3"
  })
)

const starting = (concurrency: number): FleetSpec => ({
  _tag: "Fleet",
  selector: { all: true },
  order: "listed",
  concurrency,
  maxFailures: null,
  change: { target: "active", overrides: [{ guard: "capacity", note: "test" }] }
})

describe("a fleet that starts campaigns", () => {
  it.effect("says of what is on no more than it knows, though all have stopped meanwhile", () =>
    Effect.gen(function* () {
      const world = yield* GatewayWorld
      const ids = yield* Effect.forEach(Array.from({ length: LIMIT + 1 }), (_, index) =>
        world.addCampaign({ name: `Campaign ${index}`, state: index === 0 ? "active" : "paused" })
      )
      const shown = yield* begun(starting(1))
      yield* TestClock.adjust("700 millis")
      // Somebody stops them while the fleet is under way.
      for (const id of ids) yield* world.setState(id, "paused")
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* shown).status, "partial")
      const items = yield* (yield* OperationStore).items(OPERATION, { statuses: ["rejected"] })
      assert.lengthOf(items, 1)
      assert.include(
        items[0]?.detail,
        `1 of ${LIMIT} campaigns were on when they were counted, and ${LIMIT - 1} more count as started since by the same work; one must stop first.`
      )
    }).pipe(Effect.scoped, Effect.provide(limited))
  )

  it.effect("keeps to the organisation's limit, however many it starts at once", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom<WorldState>("paused", "active", "draining"), {
            minLength: 1,
            maxLength: 14
          }),
          fc.integer({ min: 1, max: 12 }),
          (states, concurrency) =>
            Effect.gen(function* () {
              const world = yield* GatewayWorld
              for (const [index, state] of states.entries())
                yield* world.addCampaign({
                  name: `Campaign ${String(index).padStart(2, "0")}`,
                  state,
                  calls: state === "draining" ? 1 : 0
                })
              const shown = yield* begun(starting(concurrency))
              yield* TestClock.adjust("1 minute")
              assert.isNotNull((yield* shown).finishedAt)
              const items = yield* (yield* OperationStore).items(OPERATION, {})
              const on = items.filter(({ status }) => /^(applied|already-there)$/.test(status))
              const paused = states.filter((state) => state === "paused").length
              const holding = states.length - paused
              // All that fit are started, and none beyond.
              assert.strictEqual(
                items.filter(({ status }) => status === "applied").length -
                  states.filter((state) => state === "draining").length,
                Math.max(0, Math.min(paused, LIMIT - holding)) - refusedDrains(states, holding)
              )
              assert.isAtMost(on.length, Math.max(LIMIT, holding))
            }).pipe(Effect.scoped, Effect.provide(limited), Effect.runPromise)
        ),
        { numRuns: 60 }
      )
    )
  )
})

/** With more on than the limit allows, what drains may not go on either. */
const refusedDrains = (states: ReadonlyArray<WorldState>, holding: number): number =>
  holding <= LIMIT ? 0 : states.filter((state) => state === "draining").length
