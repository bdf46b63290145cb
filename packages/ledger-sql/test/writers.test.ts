import { spawn } from "node:child_process"
import { once } from "node:events"
import { AuditLog, Settings } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { it as effectIt } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { describe, expect, it } from "vitest"
import { liveWriters } from "../src/writers/liveWriters.ts"
import { ABANDONED_AFTER_MS, isAbandoned, Writers } from "../src/writers/Writers.ts"
import { inMemory } from "./support/ledgers.ts"

const { runs, self } = liveWriters()
const sleeper = () =>
  spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" })

describe("whether a writer runs", () => {
  it("this process does", () => expect(runs(self)).toBe(true))
  it("an earlier process with this process's id does not", () =>
    expect(runs({ ...self, started: "earlier" })).toBe(false))
  it("of another host it cannot be seen", () =>
    expect(runs({ ...self, host: "elsewhere" })).toBeUndefined())

  it("a process that lives under the id but started at another time is not the writer", async () => {
    const other = sleeper()
    await once(other, "spawn")
    const known = process.platform === "linux" ? false : undefined
    expect(runs({ host: self.host, pid: other.pid ?? 0, started: "earlier" })).toBe(known)
    other.kill("SIGKILL")
    await once(other, "exit")
    expect(runs({ host: self.host, pid: other.pid ?? 0, started: "earlier" })).toBe(false)
  })

  it("abandoned: seen to be gone, or not seen for the retry deadline and the margin", () => {
    expect(isAbandoned(false, 0)).toBe(true)
    expect(isAbandoned(true, Number.MAX_SAFE_INTEGER)).toBe(false)
    expect(isAbandoned(undefined, ABANDONED_AFTER_MS - 1)).toBe(false)
    expect(isAbandoned(undefined, ABANDONED_AFTER_MS)).toBe(true)
    expect(ABANDONED_AFTER_MS).toBe(300_000)
  })
})

/** Every writer is on another host. */
const elsewhere = Layer.succeed(Writers, {
  self: { ...self, host: "elsewhere" },
  attend: Effect.void,
  runs: () => Effect.succeed(undefined)
})

effectIt.effect("a longer retry deadline gives the runs of other hosts longer", () =>
  Effect.gen(function* () {
    const log = yield* AuditLog
    const { governanceLevel, guards, retry } = yield* Settings
    const hour = 3_600_000
    const patient = { governanceLevel, guards, retry: { ...retry, deadlineMs: hour } }
    const intent = yield* log.append(auditDraft())
    yield* TestClock.adjust(hour)
    expect(yield* Effect.provideService(log.unsettled, Settings, patient)).toEqual([])
    yield* TestClock.adjust(ABANDONED_AFTER_MS)
    expect(yield* Effect.provideService(log.unsettled, Settings, patient)).toEqual([intent])
  }).pipe(Effect.provide(inMemory.pipe(Layer.provide(elsewhere))))
)

effectIt.effect(
  "an intent of another host is unsettled once it is old enough, and not before",
  () =>
    Effect.gen(function* () {
      const log = yield* AuditLog
      const intent = yield* log.append(auditDraft())
      yield* TestClock.adjust(ABANDONED_AFTER_MS - 1)
      expect(yield* log.unsettled).toEqual([])
      yield* TestClock.adjust(1)
      expect(yield* log.unsettled).toEqual([intent])
    }).pipe(Effect.provide(inMemory.pipe(Layer.provide(elsewhere))))
)
