import { assert, describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { explain, explainTargets, type LockToken } from "../../src/index.ts"
import { CAMPAIGN, portsOf, Probe } from "./probe.ts"
import { atNoon, entriesOf, requestFor, running, withLedger, worldWith } from "./fixtures.ts"

const told = Effect.map(entriesOf, (entries) =>
  entries.map(({ errorCode, kind, outcome }) => [kind, outcome, errorCode])
)
// Checked text: the model's lock is its version.
const lock = (version: number) => String(version) as LockToken
const pause = { target: "paused", pauseReason: "OTHER" } as const

describe("a run that its caller binds", () => {
  withLedger("to divisions finds no campaign outside of them, and leaves no word of it", () =>
    Effect.gen(function* () {
      yield* atNoon
      const { probe, program } = running(
        worldWith({ status: "on" }),
        requestFor({ ...pause, divisionIds: ["north"] })
      )
      assert.strictEqual((yield* Effect.flip(program))._tag, "CampaignNotFound")
      assert.strictEqual(probe.writes, 0)
      assert.deepStrictEqual(yield* told, [])
    })
  )

  withLedger("to divisions is told nothing of a campaign outside of them, and costs one read", () =>
    Effect.gen(function* () {
      yield* atNoon
      const divisionIds = ["north"]
      const asks = [
        Effect.asVoid(explain({ campaignId: CAMPAIGN, target: "active", divisionIds })),
        Effect.asVoid(explainTargets(CAMPAIGN, divisionIds))
      ]
      for (const ask of asks) {
        const probe = new Probe(worldWith({ status: "off" }), requestFor(pause), [], undefined)
        const error = yield* Effect.flip(Effect.provide(ask, portsOf(probe, false)))
        assert.strictEqual(error._tag, "CampaignNotFound")
        assert.strictEqual(probe.calls, 1)
      }
    })
  )

  withLedger("to nothing is told what every target would need", () =>
    Effect.gen(function* () {
      yield* atNoon
      const probe = new Probe(worldWith({ status: "complete" }), requestFor(pause), [], undefined)
      const { targets } = yield* Effect.provide(explainTargets(CAMPAIGN), portsOf(probe, false))
      assert.deepStrictEqual(
        targets.map(({ needs, outcome, target }) => [target, outcome, needs]),
        [
          ["active", "allowed", ["restart"]],
          ["paused", "rejected", []],
          ["completed", "already-there", []],
          ["archived", "allowed", []]
        ]
      )
    })
  )

  withLedger("to a lock token that is not the current one sends nothing, and is recorded", () =>
    Effect.gen(function* () {
      yield* atNoon
      const { probe, program } = running(
        worldWith({ status: "on" }),
        requestFor({ ...pause, expectedLock: lock(7) })
      )
      assert.strictEqual((yield* Effect.flip(program))._tag, "LockConflict")
      assert.strictEqual(probe.writes, 0)
      assert.deepStrictEqual(yield* told, [["rejection", "rejected", "LOCK_CONFLICT"]])
    })
  )

  withLedger("to the current lock token goes through, and its name stands in every entry", () =>
    Effect.gen(function* () {
      yield* atNoon
      const { program } = running(
        worldWith({ status: "on" }),
        requestFor({ ...pause, expectedLock: lock(1), requestId: "order 66" })
      )
      assert.strictEqual((yield* program)._tag, "Applied")
      assert.deepStrictEqual(
        (yield* entriesOf).map(({ kind, requestId }) => [kind, requestId]),
        [
          ["intent", "order 66"],
          ["outcome", "order 66"]
        ]
      )
    })
  )

  withLedger("to a lock token that is lost on the way to the write is not tried again", () =>
    Effect.gen(function* () {
      yield* atNoon
      const { probe, program } = running(
        worldWith({ status: "on" }),
        requestFor({ ...pause, expectedLock: lock(1) }),
        [{ kind: "none" }, { kind: "otherWriter", status: "on" }]
      )
      const fiber = yield* Effect.forkChild(Effect.flip(program))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "LockConflict")
      assert.strictEqual(probe.writes, 1)
      assert.deepStrictEqual(yield* told, [
        ["intent", null, null],
        ["outcome", "failed", "LOCK_CONFLICT"]
      ])
    })
  )
})
