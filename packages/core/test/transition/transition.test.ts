import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { explain } from "../../src/index.ts"
import { atNoon, entriesOf, requestFor, running, withLedger, worldWith } from "./fixtures.ts"
import { CAMPAIGN, portsOf, Probe } from "./probe.ts"

describe("transition", () => {
  describe("a pause", () => {
    withLedger(
      "costs one read and one write, asks for no facts, and leaves intent and outcome",
      () =>
        Effect.gen(function* () {
          yield* atNoon
          const world = worldWith({ status: "on", calls: 2 })
          const { probe, program } = running(
            world,
            requestFor({ target: "paused", pauseReason: "COMPLIANCE", note: "asked by legal" }),
            [],
            { capacityFails: true }
          )
          const result = yield* program
          assert.strictEqual(result.state, "draining")
          assert.strictEqual(probe.calls, 2)
          const entries = yield* entriesOf
          assert.deepStrictEqual(
            entries.map(({ kind, outcome, pauseReason, note, intentId }) => ({
              kind,
              outcome,
              pauseReason,
              note,
              settles: intentId
            })),
            [
              {
                kind: "intent",
                outcome: null,
                pauseReason: "COMPLIANCE",
                note: "asked by legal",
                settles: null
              },
              {
                kind: "outcome",
                outcome: "applied",
                pauseReason: "COMPLIANCE",
                note: "asked by legal",
                settles: entries[0]?.id ?? "no intent"
              }
            ]
          )
          assert.strictEqual(entries[1]?.lockBefore, "1")
          assert.strictEqual(entries[1]?.lockAfter, "2")
        })
    )
  })

  describe("an activation", () => {
    withLedger("that fails every guard names every violation and sends nothing", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.UTC(2026, 10, 23, 20))
        const world = worldWith({ status: "off", agents: 1 })
        const { probe, program } = running(world, requestFor({ target: "active" }))
        const error = yield* Effect.flip(program)
        assert.strictEqual(error._tag, "TransitionRejected")
        if (error._tag !== "TransitionRejected") return
        assert.deepStrictEqual(
          error.violations.map(({ guard }) => guard),
          ["capacity", "callingWindow"]
        )
        assert.strictEqual(probe.writes, 0)
        assert.deepStrictEqual(
          (yield* entriesOf).map(({ kind, outcome }) => [kind, outcome]),
          [["rejection", "rejected"]]
        )
      })
    )
    withLedger("of a campaign that needs agents and names no queue is refused", () =>
      Effect.gen(function* () {
        yield* atNoon
        const world = worldWith({ status: "off", hasQueue: false })
        const { probe, program } = running(world, requestFor({ target: "active" }))
        const error = yield* Effect.flip(program)
        assert.strictEqual(error._tag, "TransitionRejected")
        if (error._tag !== "TransitionRejected") return
        assert.deepStrictEqual(
          error.violations.map(({ guard, status }) => [guard, status]),
          [["capacity", "unknown"]]
        )
        assert.strictEqual(probe.writes, 0)
      })
    )
    withLedger(
      "whose capacity cannot be learned is refused, and allowed with that guard overridden",
      () =>
        Effect.gen(function* () {
          yield* atNoon
          const world = worldWith({ status: "off" })
          const refused = running(world, requestFor({ target: "active" }), [], {
            capacityFails: true
          })
          assert.strictEqual((yield* Effect.flip(refused.program))._tag, "TransitionRejected")
          const overrides = [{ guard: "capacity" as const, note: "the wallboard shows nine" }]
          const forced = running(world, requestFor({ target: "active", overrides }), [], {
            capacityFails: true
          })
          const result = yield* forced.program
          assert.strictEqual(result.state, "active")
          const outcome = (yield* entriesOf).at(-1)
          assert.deepInclude(
            outcome?.verdicts.find(({ guard }) => guard === "capacity"),
            { status: "overridden", overrode: "unknown", note: "the wallboard shows nine" }
          )
        })
    )
  })

  describe("explain", () => {
    withLedger("takes the same decision and writes nothing, to Genesys or the ledger", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.UTC(2026, 10, 23, 8, 59, 59, 999))
        const world = worldWith({ status: "complete", agents: 0 })
        const probe = new Probe(world, requestFor({ target: "active" }), [], undefined)
        const { decision, state } = yield* explain({ campaignId: CAMPAIGN, target: "active" }).pipe(
          Effect.provide(portsOf(probe, false))
        )
        assert.strictEqual(state, "completed")
        assert.deepStrictEqual(
          decision.verdicts.map(({ status }) => status),
          ["failed", "skipped", "passed", "failed", "failed", "skipped"]
        )
        assert.strictEqual(probe.writes, 0)
        assert.deepStrictEqual(yield* entriesOf, [])
      })
    )
  })
})
