import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { AuditLog, AuditUnavailable } from "../../src/index.ts"
import { MemoryLedger } from "../../src/testing/index.ts"
import { atNoon, entriesOf, requestFor, running, withLedger, worldWith } from "./fixtures.ts"

describe("a ledger that cannot be written", () => {
  withLedger("stops the run before anything is sent, a pause too", () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "on" })
      const { probe, program } = running(
        world,
        requestFor({ target: "paused", pauseReason: "OTHER" })
      )
      const memory = yield* MemoryLedger
      yield* memory.breakWith("the disk is full.")
      const error = yield* Effect.flip(program)
      assert.strictEqual(error._tag, "AuditUnavailable")
      assert.strictEqual(probe.writes, 0)
      assert.strictEqual(world.status, "on")
      yield* memory.breakWith(undefined)
    })
  )
})

describe("a ledger that takes entries and cannot be read back", () => {
  const unreadable = Effect.map(AuditLog, (log) =>
    AuditLog.of({
      ...log,
      lastApplied: () =>
        Effect.fail(
          new AuditUnavailable({ detail: "entry 1 is not one.", changeMayHaveHappened: false })
        )
    })
  )
  withLedger("holds up no pause", () =>
    Effect.gen(function* () {
      yield* atNoon
      const world = worldWith({ status: "on" })
      const { program } = running(world, requestFor({ target: "paused", pauseReason: "OTHER" }))
      const result = yield* Effect.provideService(program, AuditLog, yield* unreadable)
      assert.strictEqual(result._tag, "Applied")
      assert.strictEqual(world.status, "off")
      assert.deepStrictEqual(
        (yield* entriesOf).map(({ kind }) => kind),
        ["intent", "outcome"]
      )
    })
  )
  withLedger("holds up every other change", () =>
    Effect.gen(function* () {
      yield* atNoon
      for (const target of ["active", "completed", "archived"] as const) {
        const world = worldWith({ status: "off" })
        const { probe, program } = running(world, requestFor({ target }))
        const error = yield* Effect.flip(
          Effect.provideService(program, AuditLog, yield* unreadable)
        )
        assert.strictEqual(error._tag, "AuditUnavailable")
        assert.strictEqual(probe.writes, 0)
      }
    })
  )
})
