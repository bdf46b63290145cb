import { assert, describe } from "@effect/vitest"
import { Effect, Exit, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { AuditLog, AuditUnavailable, explain } from "../../src/index.ts"
import { MemoryLedger } from "../../src/testing/index.ts"
import { atNoon, requestFor, running, withLedger, worldWith } from "./fixtures.ts"
import { CAMPAIGN, portsOf, Probe } from "./probe.ts"
import type { Fault } from "./world.ts"

const entriesOf = Effect.flatMap(MemoryLedger, ({ entries }) => entries)

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

  describe("waiting", () => {
    withLedger("obeys the whole of a Retry-After and decides afresh afterwards", () =>
      Effect.gen(function* () {
        // 19:59:30: the window closes while the run waits.
        yield* TestClock.setTime(Date.UTC(2026, 10, 23, 19, 59, 30))
        const world = worldWith({ status: "off" })
        const { probe, program } = running(world, requestFor({ target: "active" }), [
          { kind: "none" },
          { kind: "rateLimited", retryAfterMs: 45_000 }
        ])
        const fiber = yield* Effect.forkChild(program)
        yield* TestClock.adjust(44_999)
        assert.isUndefined(fiber.pollUnsafe())
        yield* TestClock.adjust(1)
        const error = yield* Effect.flip(Fiber.join(fiber))
        assert.strictEqual(error._tag, "TransitionRejected")
        assert.strictEqual(probe.writes, 1)
        assert.strictEqual(world.status, "off")
        assert.deepStrictEqual(
          (yield* entriesOf).map(({ kind, outcome }) => [kind, outcome]),
          [
            ["intent", null],
            ["outcome", "rejected"]
          ]
        )
      })
    )
    withLedger("for the agents to be counted does not carry over that the window was open", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.UTC(2026, 10, 23, 19, 59, 30))
        const world = worldWith({ status: "off", countingMs: 45_000 })
        const { probe, program } = running(world, requestFor({ target: "active" }))
        const fiber = yield* Effect.forkChild(Effect.flip(program))
        yield* TestClock.adjust(45_000)
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "TransitionRejected")
        assert.strictEqual(probe.writes, 0)
      })
    )
    withLedger("never begins for a Retry-After that the deadline cannot hold", () =>
      Effect.gen(function* () {
        yield* atNoon
        const { program } = running(
          worldWith({ status: "on" }),
          requestFor({ target: "paused", pauseReason: "OTHER" }),
          [{ kind: "none" }, { kind: "rateLimited", retryAfterMs: 86_400_000 }]
        )
        const error = yield* Effect.flip(program)
        assert.strictEqual(error._tag, "RetriesExhausted")
        if (error._tag !== "RetriesExhausted") return
        assert.strictEqual(error.because, "deadline")
        assert.strictEqual(error.lastCode, "RATE_LIMITED")
        assert.strictEqual(error.retryAfterMs, 86_400_000)
      })
    )
  })

  describe("a lost reply", () => {
    withLedger("is settled by reading back, without a second write", () =>
      Effect.gen(function* () {
        yield* atNoon
        const { events, probe, program } = running(
          worldWith({ status: "off" }),
          requestFor({ target: "active" }),
          [{ kind: "none" }, { kind: "lostAfter" }]
        )
        const result = yield* program
        assert.strictEqual(result._tag, "Applied")
        assert.strictEqual(probe.writes, 1)
        assert.isTrue(events.some((event) => event._tag === "ReadBack" && event.shown))
      })
    )
    withLedger("of a change that lands later is found out by the next try, and is no drift", () =>
      Effect.gen(function* () {
        yield* atNoon
        const world = worldWith({ status: "on" })
        yield* running(world, requestFor({ target: "paused", pauseReason: "OTHER" })).program
        const { probe, program } = running(world, requestFor({ target: "active" }), [
          { kind: "none" },
          { kind: "lands", afterCalls: 2 }
        ])
        const fiber = yield* Effect.forkChild(program)
        yield* TestClock.adjust("1 minute")
        assert.strictEqual((yield* Fiber.join(fiber))._tag, "Applied")
        assert.strictEqual(probe.writes, 1)
        assert.deepStrictEqual(
          (yield* entriesOf).slice(2).map(({ kind, outcome }) => [kind, outcome]),
          [
            ["intent", null],
            ["outcome", "applied"]
          ]
        )
      })
    )
    withLedger("that cannot be read back is reported as unknown", () =>
      Effect.gen(function* () {
        yield* atNoon
        const { program } = running(
          worldWith({ status: "off" }),
          requestFor({ target: "active" }),
          [{ kind: "none" }, { kind: "lostAfter" }, { kind: "notAuthenticated" }]
        )
        const error = yield* Effect.flip(program)
        assert.strictEqual(error._tag, "OutcomeUnknown")
        assert.strictEqual((yield* entriesOf).at(-1)?.outcome, "unknown")
      })
    )
  })

  describe("a reply that was lost for a change that may still land", () => {
    const cases: ReadonlyArray<{ readonly end: string; readonly script: ReadonlyArray<Fault> }> = [
      { end: "Genesys refuses the second try", script: [{ kind: "refused" }] },
      {
        end: "the retries end",
        script: [{ kind: "rateLimited", retryAfterMs: 86_400_000 }]
      }
    ]
    for (const { end, script } of cases)
      withLedger(`leaves the outcome unknown when ${end}`, () =>
        Effect.gen(function* () {
          yield* atNoon
          const world = worldWith({ status: "off" })
          const lands: Fault = { kind: "lands", afterCalls: 4 }
          const { program } = running(world, requestFor({ target: "active" }), [
            { kind: "none" },
            lands,
            { kind: "none" },
            { kind: "none" },
            ...script
          ])
          const fiber = yield* Effect.forkChild(Effect.flip(program))
          yield* TestClock.adjust("1 minute")
          assert.strictEqual((yield* Fiber.join(fiber))._tag, "OutcomeUnknown")
          assert.strictEqual((yield* entriesOf).at(-1)?.outcome, "unknown")
          world.callArrives()
          assert.strictEqual(world.status, "on")
        })
      )
    withLedger("leaves the outcome unknown when a guard forbids the second try", () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.UTC(2026, 10, 23, 19, 59, 59, 900))
        const world = worldWith({ status: "off" })
        const { probe, program } = running(world, requestFor({ target: "active" }), [
          { kind: "none" },
          { kind: "lands", afterCalls: 4 }
        ])
        const fiber = yield* Effect.forkChild(Effect.flip(program))
        yield* TestClock.adjust("1 minute")
        const error = yield* Fiber.join(fiber)
        assert.strictEqual(error._tag, "OutcomeUnknown")
        assert.include(error.message, "The calling window is closed")
        assert.strictEqual(probe.writes, 1)
      })
    )
  })

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

  describe("an interrupt", () => {
    withLedger("after a conflict takes the other writer's change for no change of its own", () =>
      Effect.gen(function* () {
        yield* atNoon
        const world = worldWith({ status: "off" })
        const { probe, program } = running(world, requestFor({ target: "active" }), [
          { kind: "none" },
          { kind: "otherWriter", status: "on" }
        ])
        const fiber = yield* Effect.forkChild(program)
        yield* TestClock.adjust(0)
        assert.strictEqual(probe.writes, 1)
        yield* Fiber.interrupt(fiber)
        assert.deepInclude((yield* entriesOf).at(-1), {
          outcome: "failed",
          success: false,
          errorCode: "INTERRUPTED"
        })
      })
    )
    withLedger("whose read-back never answers ends in bounded time with the outcome unknown", () =>
      Effect.gen(function* () {
        yield* atNoon
        const { probe, program } = running(
          worldWith({ status: "off" }),
          requestFor({ target: "active" }),
          [],
          {
            stop: { atCall: 2, afterEffect: false }
          }
        )
        const fiber = yield* Effect.forkChild(program)
        yield* TestClock.adjust(1)
        assert.isTrue(probe.reachedStop)
        // From here on no read answers.
        Object.assign(probe, { stop: { atCall: 3, afterEffect: true } })
        const ending = yield* Effect.forkChild(Fiber.interrupt(fiber))
        yield* TestClock.adjust("5 seconds")
        yield* Fiber.join(ending)
        assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(fiber)))
        assert.deepInclude((yield* entriesOf).at(-1), {
          outcome: "unknown",
          errorCode: "INTERRUPTED"
        })
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
