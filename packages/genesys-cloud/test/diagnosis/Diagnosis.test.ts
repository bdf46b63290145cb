import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { Diagnosis } from "../../src/index.ts"
import { FakeGenesys, json } from "../support/fakeGenesys.ts"

describe("the diagnosis", () => {
  it.effect("tells the clock's skew, what is granted, and the budget", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2026, 0, 1))
      const genesys = new FakeGenesys((request) =>
        json(
          200,
          { entities: request.url.includes("campaign%3Aedit") ? [] : [{ id: "home" }] },
          {
            date: new Date(Date.UTC(2026, 0, 1, 0, 5)).toUTCString(),
            "inin-ratelimit-count": "9",
            "inin-ratelimit-allowed": "300",
            "inin-ratelimit-reset": "30"
          }
        )
      )
      const found = yield* Effect.gen(function* () {
        const diagnosis = yield* Diagnosis
        const permissions = yield* diagnosis.permissions
        return { permissions, skew: yield* diagnosis.clockSkewMs, budget: yield* diagnosis.budget }
      }).pipe(Effect.provide(genesys.layer()))
      assert.strictEqual(found.skew, 300_000)
      assert.deepStrictEqual(
        found.permissions?.filter(({ granted }) => !granted).map(({ permission }) => permission),
        ["outbound:campaign:edit"]
      )
      assert.strictEqual(found.budget?.allowed, 300)
    })
  )
})
