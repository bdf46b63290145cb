import { CampaignId, matchesName, type Observation } from "@campaignctl/core"
import { GatewayWorld, MemoryLedger, type WorldState } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { inject } from "vitest"
import { OperationStore } from "../../src/database/OperationStore.ts"
import { plan } from "../../src/fleet/plan.ts"
import { isSelected } from "../../src/fleet/select.ts"
import type { FleetSpec } from "../../src/index.ts"
import { begun, carrying } from "../support/carrying.ts"
import { OPERATION } from "../support/pausing.ts"

const states: ReadonlyArray<WorldState> = ["active", "paused", "completed", "invalid", "draining"]

const fleet = (part: Pick<FleetSpec, "change"> & Partial<FleetSpec>): FleetSpec => ({
  _tag: "Fleet",
  selector: { all: true },
  order: "listed",
  concurrency: 1,
  maxFailures: null,
  ...part
})

const changes: ReadonlyArray<FleetSpec["change"]> = [
  { target: "paused", pauseReason: "OTHER" },
  { target: "paused" },
  { target: "active" },
  { target: "active", overrides: [{ guard: "capacity", note: "test" }] },
  { target: "completed" },
  { target: "archived" }
]

const OUTCOME_OF: Readonly<Record<string, string>> = {
  applied: "allowed",
  "already-there": "already-there",
  rejected: "rejected"
}

describe("the plan of a fleet", () => {
  it.effect("is what the fleet then does, and writes nothing", () =>
    Effect.promise(() =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...states), { minLength: 1, maxLength: 12 }),
          fc.constantFrom(...changes),
          (campaigns, change) =>
            Effect.gen(function* () {
              const world = yield* GatewayWorld
              for (const [index, state] of campaigns.entries())
                yield* world.addCampaign({
                  name: `Campaign ${index}`,
                  state,
                  calls: state === "draining" ? 1 : 0
                })
              const spec = fleet({ change })
              const planned = (yield* Stream.runCollect(plan(spec))).flat()
              assert.lengthOf(yield* world.writes, 0)
              assert.lengthOf(yield* (yield* MemoryLedger).entries, 0)
              const shown = yield* begun(spec)
              yield* TestClock.adjust("1 minute")
              assert.isNotNull((yield* shown).finishedAt)
              const store = yield* OperationStore
              const items = yield* store.items(OPERATION, {})
              assert.deepStrictEqual(
                planned.map(({ campaignId, outcome, position }) => [position, campaignId, outcome]),
                items.map(({ campaignId, position, status }) => [
                  position,
                  campaignId,
                  OUTCOME_OF[status]
                ])
              )
            }).pipe(Effect.scoped, Effect.provide(carrying), Effect.runPromise)
        ),
        { numRuns: 60 }
      )
    )
  )

  it.effect("comes in pages, lists at a hundred a request, and counts the agents once", () =>
    Effect.gen(function* () {
      const world = yield* GatewayWorld
      for (let index = 0; index < 250; index++)
        yield* world.addCampaign({ name: `Campaign ${index}`, state: "paused" })
      const pages = yield* Stream.runCollect(plan(fleet({ change: { target: "active" } })))
      assert.deepStrictEqual(
        pages.map(({ length }) => length),
        [100, 100, 50]
      )
      assert.strictEqual(yield* world.requests, 3)
    }).pipe(Effect.provide(carrying))
  )

  it.effect("has nothing for whoever is bound to other divisions", () =>
    Effect.gen(function* () {
      const world = yield* GatewayWorld
      yield* world.addCampaign({ name: "a" })
      const query = fleet({ change: { target: "paused", pauseReason: "OTHER" } })
      const pages = yield* Stream.runCollect(plan({ ...query, divisionIds: ["elsewhere"] }))
      assert.lengthOf(pages.flat(), 0)
      const shown = yield* begun(query, ["elsewhere"])
      yield* TestClock.adjust("1 second")
      const over = yield* shown
      assert.deepStrictEqual([over.status, over.detail], ["succeeded", "No campaign was selected."])
      assert.lengthOf(yield* world.writes, 0)
    }).pipe(Effect.scoped, Effect.provide(carrying))
  )
})

describe("a selector", () => {
  const id = (digit: number) =>
    CampaignId.make(`55555555-5555-4555-8555-${String(digit).padStart(12, "0")}`)
  const some = <A>(one: fc.Arbitrary<A>) =>
    fc.option(fc.array(one, { maxLength: 3 }), { nil: undefined })

  const part = fc.record({
    ids: some(fc.nat(3).map(id)),
    divisionIds: some(fc.constantFrom("north", "south")),
    queueIds: some(fc.constantFrom("sales", "care")),
    states: some(fc.constantFrom("active" as const, "paused" as const)),
    namePattern: fc.option(fc.constantFrom("*", "a*", "?b*", "ab"), { nil: undefined })
  })
  const campaign = fc.record({
    digit: fc.nat(3),
    name: fc.constantFrom("ab", "abc", "b"),
    division: fc.constantFrom("north" as const, "south" as const, undefined),
    queue: fc.constantFrom("sales" as const, "care" as const, undefined),
    state: fc.constantFrom("active" as const, "paused" as const)
  })

  it("selects what fits every part of it and lies in the caller's divisions", () => {
    fc.assert(
      fc.property(
        part,
        some(fc.constantFrom("north", "south")),
        campaign,
        (parts, bound, { digit, division, name, queue, state }) => {
          const selector = Object.fromEntries(
            Object.entries(parts).filter(([, one]) => one !== undefined)
          )
          const seen = {
            campaign: {
              id: id(digit),
              name,
              ...(division === undefined ? {} : { division: { id: division } }),
              ...(queue === undefined ? {} : { queue: { id: queue } })
            },
            state
          } as Pick<Observation, "campaign" | "state"> // the parts that a selector looks at
          const expected =
            (parts.ids?.includes(id(digit)) ?? true) &&
            (parts.divisionIds?.some((one) => one === division) ?? true) &&
            (bound?.some((one) => one === division) ?? true) &&
            (parts.queueIds?.some((one) => one === queue) ?? true) &&
            (parts.states?.includes(state) ?? true) &&
            (parts.namePattern === undefined || matchesName(parts.namePattern, name))
          assert.strictEqual(isSelected(selector, bound, seen), expected)
        }
      ),
      { numRuns: 1_000 * inject("scale") }
    )
  })
})
