import { assert, describe } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { AuditLog, AuditUnavailable } from "../../src/index.ts"
import { auditDraft } from "../../src/testing/index.ts"
import { atNoon, entriesOf, requestFor, running, withLedger, worldWith } from "./fixtures.ts"
import { CAMPAIGN } from "./probe.ts"

/** The intent of a start that somebody else of us makes. */
const startBy = (requestedBy: string) =>
  auditDraft({
    campaignId: CAMPAIGN,
    requestedBy,
    targetState: "active",
    currentState: "paused",
    pauseReason: null
  })

describe("drift", () => {
  withLedger(
    "is recorded when a campaign that we archived is seen dialling, and a stop still works",
    () =>
      Effect.gen(function* () {
        yield* atNoon
        const world = worldWith({ status: "off" })
        yield* running(world, requestFor({ target: "archived" })).program
        world.set("on")
        const result = yield* running(
          world,
          requestFor({ target: "paused", pauseReason: "COMPLIANCE" })
        ).program
        assert.strictEqual(result.from, "active")
        assert.deepStrictEqual(
          (yield* entriesOf).map(({ kind }) => kind),
          ["intent", "outcome", "drift", "intent", "outcome"]
        )
      })
  )
  withLedger("does not come of a list that ran out by itself", () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "off" })
      yield* running(world, requestFor({ target: "active" })).program
      world.set("complete")
      const result = yield* running(world, requestFor({ target: "archived" })).program
      assert.strictEqual(result.from, "completed")
      assert.notInclude(
        (yield* entriesOf).map(({ kind }) => kind),
        "drift"
      )
    })
  )
  withLedger("does not come of an edit elsewhere: what is archived stays so", () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "off" })
      yield* running(world, requestFor({ target: "archived" })).program
      world.set("off")
      const error = yield* Effect.flip(running(world, requestFor({ target: "active" })).program)
      assert.strictEqual(error._tag, "TransitionRejected")
    })
  )

  withLedger("is not recorded where another of us has begun the change that shows", () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "on" })
      yield* running(world, requestFor({ target: "paused", pauseReason: "OTHER" })).program
      yield* (yield* AuditLog).append(startBy("bob"))
      world.set("on")
      yield* running(world, requestFor({ target: "paused", pauseReason: "OTHER" })).program
      assert.deepStrictEqual(
        (yield* entriesOf).slice(2).map(({ kind }) => kind),
        ["intent", "intent", "outcome"]
      )
    })
  )
  withLedger(
    "is not recorded where the ledger is told of the change while the campaign is read",
    () =>
      Effect.gen(function* () {
        yield* atNoon
        const world = worldWith({ status: "on" })
        yield* running(world, requestFor({ target: "paused", pauseReason: "OTHER" })).program
        const ledger = yield* AuditLog
        const intent = yield* ledger.append(startBy("bob"))
        world.set("on")
        const { probe, program } = running(world, requestFor({ target: "archived" }))
        const settling = Effect.tap(ledger.lastApplied([CAMPAIGN]), () =>
          ledger.append({
            ...startBy("bob"),
            kind: "outcome",
            outcome: "recovered",
            success: true,
            intentId: intent.id
          })
        )
        const result = yield* Effect.provideService(program, AuditLog, {
          ...ledger,
          lastApplied: () => settling
        })
        assert.strictEqual(result.from, "active")
        assert.strictEqual(probe.calls, 3, "two reads and a write")
        assert.deepStrictEqual(
          (yield* entriesOf).slice(2).map(({ kind }) => kind),
          ["intent", "outcome", "intent", "outcome"]
        )
      })
  )
  withLedger("is not looked for where the ledger cannot be read back, and a stop goes on", () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "on" })
      yield* running(world, requestFor({ target: "paused", pauseReason: "OTHER" })).program
      world.set("on")
      const unreadable = {
        ...(yield* AuditLog),
        query: () =>
          Stream.fail(new AuditUnavailable({ detail: "no answer", changeMayHaveHappened: false }))
      }
      const again = running(world, requestFor({ target: "paused", pauseReason: "OTHER" })).program
      assert.strictEqual(
        (yield* Effect.provideService(again, AuditLog, unreadable))._tag,
        "Applied"
      )
      world.set("on")
      const archiving = running(world, requestFor({ target: "archived" })).program
      const error = yield* Effect.flip(Effect.provideService(archiving, AuditLog, unreadable))
      assert.strictEqual(error._tag, "AuditUnavailable")
      assert.notInclude(
        (yield* entriesOf).map(({ kind }) => kind),
        "drift"
      )
    })
  )
})
