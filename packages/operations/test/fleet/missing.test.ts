import { CampaignId } from "@campaignctl/core"
import { GatewayWorld } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { OperationStore } from "../../src/database/OperationStore.ts"
import type { FleetSpec } from "../../src/index.ts"
import { begun, carrying } from "../support/carrying.ts"
import { OPERATION, pausing } from "../support/pausing.ts"

const typo = (digit: number): CampaignId =>
  CampaignId.make(`99999999-9999-4999-8999-99999999999${digit}`)
/** The division in which the world adds campaigns. */
const DIVISION = "44444444-4444-4444-8444-444444444444"

const ended = Effect.fnUntraced(function* (
  selector: FleetSpec["selector"],
  more: Partial<Omit<FleetSpec, "_tag" | "selector">> = {},
  divisionIds?: ReadonlyArray<string>
) {
  const shown = yield* begun(pausing(selector, more).spec, divisionIds)
  yield* TestClock.adjust("1 minute")
  const { counts, detail, status } = yield* shown
  const items = yield* (yield* OperationStore).items(OPERATION, {})
  return {
    status,
    detail,
    failed: counts.failed,
    items: items.map((item) => [item.campaignId, item.status, item.errorCode, item.stateBefore])
  }
})

const notThere = (id: CampaignId) => [id, "failed", "CAMPAIGN_NOT_FOUND", null]

describe("an id in a fleet's selector that no campaign has", () => {
  it.effect("is a failure of its own, which keeps none of the others from being stopped", () =>
    Effect.gen(function* () {
      const world = yield* GatewayWorld
      const id = yield* world.addCampaign({ name: "a" })
      assert.deepStrictEqual(
        yield* ended({ ids: [typo(1), id, typo(2), typo(1)] }, { maxFailures: 0 }),
        {
          status: "partial",
          detail: `No campaign has the ids ${typo(1)}, ${typo(2)}.`,
          failed: 2,
          items: [[id, "applied", null, "active"], notThere(typo(1)), notThere(typo(2))]
        }
      )
      assert.lengthOf(yield* world.writes, 1)
    }).pipe(Effect.scoped, Effect.provide(carrying))
  )

  it.effect("is no success where nothing else was named", () =>
    Effect.gen(function* () {
      const { detail, failed, status } = yield* ended({ ids: [1, 2, 3, 4, 5, 6].map(typo) })
      assert.deepStrictEqual([status, failed], ["failed", 6])
      assert.include(detail, `${typo(5)} and 1 more.`)
    }).pipe(Effect.scoped, Effect.provide(carrying))
  )

  for (const part of [
    { namePattern: "Survey *" },
    { divisionIds: ["elsewhere"] },
    { states: ["paused"] as const },
    { queueIds: ["none"] }
  ])
    it.effect(`is told apart from a campaign that ${Object.keys(part).join()} leaves out`, () =>
      Effect.gen(function* () {
        const world = yield* GatewayWorld
        const id = yield* world.addCampaign({ name: "Other" })
        const { items } = yield* ended({ ids: [id, typo(1)], ...part })
        assert.deepStrictEqual(items, [notThere(typo(1))])
      }).pipe(Effect.scoped, Effect.provide(carrying))
    )

  for (const [division, there] of [
    [DIVISION, true],
    ["elsewhere", false]
  ] as const)
    for (const part of [{}, { namePattern: "b*" }])
      it.effect(
        `is to a caller as one that is ${there ? "not " : ""}in none of their divisions (${JSON.stringify(part)})`,
        () =>
          Effect.gen(function* () {
            const world = yield* GatewayWorld
            const id = yield* world.addCampaign({ name: "a" })
            const { items } = yield* ended({ ids: [id], ...part }, {}, [division])
            const left = "namePattern" in part ? [] : [[id, "applied", null, "active"]]
            assert.deepStrictEqual(items, there ? left : [notThere(id)])
          }).pipe(Effect.scoped, Effect.provide(carrying))
      )
})
