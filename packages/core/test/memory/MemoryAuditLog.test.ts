import { describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import {
  auditDraft,
  auditLogContract,
  fails,
  memoryAuditLog,
  MemoryLedger,
  same,
  sequentialIds,
  WriterCrash
} from "../../src/testing/index.ts"
import { AuditLog } from "../../src/index.ts"

const Memory = memoryAuditLog.pipe(Layer.provide(sequentialIds))
const Crash = Layer.effect(
  WriterCrash,
  Effect.map(MemoryLedger, ({ crash }) => ({ crash }))
)

describe("the in-memory audit log keeps the port's promises", () => {
  for (const { name, run } of auditLogContract)
    it.effect(name, () =>
      run.pipe(Effect.provide(Crash.pipe(Layer.provideMerge(Memory)), { local: true }))
    )
})

describe("the in-memory audit log in a test's hands", () => {
  it.effect("fails every operation with the sentence that it was given", () =>
    Effect.gen(function* () {
      const [log, ledger] = [yield* AuditLog, yield* MemoryLedger]
      yield* ledger.breakWith("The disk is full.")
      const error = yield* fails("append", log.append(auditDraft()))
      yield* same("the error", error.detail, "The disk is full.")
      yield* fails("writable", log.writable)
      yield* ledger.breakWith(undefined)
      yield* log.append(auditDraft())
      yield* same("entries", (yield* ledger.entries).length, 1)
    }).pipe(Effect.provide(Memory))
  )
})
