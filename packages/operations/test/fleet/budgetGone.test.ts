import { BudgetUnavailable, CampaignGateway } from "@campaignctl/core"
import { GatewayWorld } from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Clock, Effect, Layer, Stream } from "effect"
import { TestClock } from "effect/testing"
import { OperationStore } from "../../src/database/OperationStore.ts"
import type { OperationItem, OperationSpec } from "../../src/index.ts"
import { begun, carryingOn } from "../support/carrying.ts"
import { memoryPorts } from "../support/memoryPorts.ts"
import { OPERATION, pausing } from "../support/pausing.ts"

/** When the database of the budget is back, by the test's clock: after far more than any request waits. */
const BACK_AT_MS = 600_000
/** Looks, one a second, by which one is seen between two of its tries. */
const LOOKS = 120

/** A gateway none of whose requests, or all but its lists, is admitted until the database of the budget is back. */
const withoutBudget = (lists: boolean) =>
  Layer.effect(
    CampaignGateway,
    Effect.map(CampaignGateway, (gateway): CampaignGateway["Service"] => {
      const admitted = Effect.flatMap(Clock.currentTimeMillis, (now) =>
        now < BACK_AT_MS ? new BudgetUnavailable() : Effect.void
      )
      return {
        ...gateway,
        get: (id) => Effect.andThen(admitted, gateway.get(id)),
        list: (filter) =>
          lists ? gateway.list(filter) : Stream.unwrap(Effect.as(admitted, gateway.list(filter))),
        apply: (...change) => Effect.andThen(admitted, gateway.apply(...change))
      }
    })
  ).pipe(Layer.provideMerge(memoryPorts))

for (const kind of ["Fleet", "Transition"] as const)
  it.effect(`an operation of kind ${kind} waits for the database of the budget`, () =>
    Effect.gen(function* () {
      const world = yield* GatewayWorld
      const campaignId = yield* world.addCampaign({ name: "a" })
      const spec: OperationSpec =
        kind === "Fleet"
          ? pausing({ all: true }).spec
          : { _tag: kind, campaignId, change: { target: "paused", pauseReason: "OTHER" } }
      const shown = yield* begun(spec)
      yield* TestClock.adjust(BACK_AT_MS - 1)
      assert.deepStrictEqual((yield* shown).status, "running")
      assert.lengthOf(yield* world.writes, 0)
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual((yield* shown).status, "succeeded")
      assert.lengthOf(yield* world.writes, 1)
    }).pipe(Effect.scoped, Effect.provide(carryingOn(withoutBudget(false))))
  )

it.effect("a campaign whose change is not admitted is put off, and no failure", () =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    for (const name of ["a", "b"]) yield* world.addCampaign({ name })
    // Listed in time; from then on nothing is admitted until it is back.
    const shown = yield* begun(pausing({ all: true }, { maxFailures: 0 }).spec)
    yield* TestClock.adjust("2 minutes")
    const store = yield* OperationStore
    // It is tried again and again, at times that nobody knows.
    let putOff: OperationItem | undefined
    for (let second = 0; second < LOOKS && putOff === undefined; second++) {
      yield* TestClock.adjust("1 second")
      const items = yield* store.items(OPERATION, {})
      assert.isFalse(items.some(({ status }) => status === "failed"))
      putOff = items.find(({ detail, status }) => status === "pending" && detail !== null)
    }
    assert.include(putOff?.detail, "database of the request budget")
    yield* TestClock.adjust(BACK_AT_MS)
    assert.deepStrictEqual((yield* shown).status, "succeeded")
    assert.lengthOf(yield* world.writes, 2)
  }).pipe(Effect.scoped, Effect.provide(carryingOn(withoutBudget(true))))
)
