import { expect } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { AuditUnavailable, type Hold, Holds } from "../../src/index.ts"
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
