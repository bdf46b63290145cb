import { expect } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { AuditLog, AuditUnavailable, type Hold, Holds } from "../../src/index.ts"
import { MemoryLedger } from "../../src/testing/index.ts"
import { atNoon, requestFor, running, withLedger, worldWith } from "./fixtures.ts"
import type { Fault } from "./world.ts"

const hold: Hold = {
  name: "Easter",
  scope: {},
  raisedBy: "ada",
  raisedAt: "2026-11-23T12:00:00.000Z",
  reason: "OTHER"
}

const startUnder = (
  active: Effect.Effect<ReadonlyArray<Hold>, AuditUnavailable>,
  script: ReadonlyArray<Fault> = []
) => {
  const run = running(worldWith({ status: "off" }), requestFor({ target: "active" }), script)
  return { ...run, program: Effect.provideService(run.program, Holds, { active }) }
}

withLedger("a start under a hold is refused, and nothing is sent", () =>
  Effect.gen(function* () {
    yield* atNoon
    const { probe, program } = startUnder(Effect.succeed([hold]))
    const error = yield* Effect.flip(program)
    expect(error).toMatchObject({ _tag: "TransitionRejected" })
    expect(probe.writes).toBe(0)
    const [entry] = yield* (yield* MemoryLedger).entries
    expect(entry).toMatchObject({ kind: "rejection" })
    expect(entry?.verdicts.find(({ guard }) => guard === "hold")?.status).toBe("failed")
  })
)

withLedger("a start is refused while it is not known what holds", () =>
  Effect.gen(function* () {
    yield* atNoon
    const down = new AuditUnavailable({ detail: "no disk.", changeMayHaveHappened: false })
    const { probe, program } = startUnder(Effect.fail(down))
    expect(yield* Effect.flip(program)).toMatchObject({ _tag: "TransitionRejected" })
    expect(probe.writes).toBe(0)
  })
)

withLedger("a halt that is raised while a start waits for its retry refuses the retry", () =>
  Effect.gen(function* () {
    yield* atNoon
    let holds: ReadonlyArray<Hold> = []
    const waiting: ReadonlyArray<Fault> = [
      { kind: "none" },
      { kind: "rateLimited", retryAfterMs: 60_000 }
    ]
    const { probe, program } = startUnder(
      Effect.sync(() => holds),
      waiting
    )
    const fiber = yield* Effect.forkChild(Effect.flip(program))
    yield* TestClock.adjust("30 seconds")
    expect(probe.writes).toBe(1)
    holds = [hold]
    yield* TestClock.adjust("60 seconds")
    expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "TransitionRejected" })
    expect([probe.writes, probe.world.status]).toEqual([1, "off"])
  })
)

/** The ledger, which takes an intent only after so many seconds. */
const slowFor = (seconds: number) =>
  Effect.map(AuditLog, (log) =>
    AuditLog.of({
      ...log,
      append: (draft) =>
        draft.kind === "intent"
          ? Effect.delay(log.append(draft), `${seconds} seconds`)
          : log.append(draft)
    })
  )

withLedger("a halt that is raised while the ledger is slow to take a start refuses the start", () =>
  Effect.gen(function* () {
    yield* atNoon
    let holds: ReadonlyArray<Hold> = []
    const { probe, program } = startUnder(Effect.sync(() => holds))
    const fiber = yield* program.pipe(
      Effect.provideService(AuditLog, yield* slowFor(20)),
      Effect.flip,
      Effect.forkChild
    )
    yield* TestClock.adjust("1 second")
    holds = [hold]
    yield* TestClock.adjust("30 seconds")
    expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "TransitionRejected" })
    expect([probe.writes, probe.world.status]).toEqual([0, "off"])
    const entries = yield* (yield* MemoryLedger).entries
    expect(entries.map(({ kind, outcome }) => [kind, outcome])).toEqual([
      ["intent", null],
      ["outcome", "rejected"]
    ])
  })
)

withLedger("a start that the ledger takes late goes on where nothing holds it still", () =>
  Effect.gen(function* () {
    yield* atNoon
    const { probe, program } = startUnder(Effect.succeed([]))
    const fiber = yield* program.pipe(
      Effect.provideService(AuditLog, yield* slowFor(20)),
      Effect.forkChild
    )
    yield* TestClock.adjust("30 seconds")
    expect((yield* Fiber.join(fiber))._tag).toBe("Applied")
    expect([probe.writes, probe.world.status]).toEqual([1, "on"])
  })
)

withLedger("a stop asks for no hold", () =>
  Effect.gen(function* () {
    yield* atNoon
    const request = requestFor({ target: "paused", pauseReason: "OTHER" })
    const { program } = running(worldWith({ status: "on" }), request)
    const result = yield* Effect.provideService(program, Holds, {
      active: Effect.die("a stop must not ask what holds")
    })
    expect(result._tag).toBe("Applied")
  })
)
