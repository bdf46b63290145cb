import { expect } from "@effect/vitest"
import { AuditLog } from "@campaignctl/core"
import { MemoryLedger } from "@campaignctl/core/testing"
import { Effect, Fiber, Layer } from "effect"
import { TestClock } from "effect/testing"
import { OperationsUnavailable } from "../../src/domain/errors.ts"
import { databaseLater, haltSucceeded, HoldStore, runHalt } from "../../src/halt/index.ts"
import { allThatCan } from "./support/allThatCan.ts"
import { add, afterwards, halting, request, start, statusOf } from "./support/halting.ts"
import { MemoryHolds } from "./support/memoryHoldStore.ts"

halting("stops although neither ledger nor hold can be written, and says so", (witness) =>
  Effect.gen(function* () {
    const id = yield* add("Sales 1")
    yield* MemoryLedger.use((ledger) => ledger.breakWith("the disk is full."))
    yield* MemoryHolds.use((holds) => holds.breakWith("the disk is full."))
    const report = yield* afterwards(runHalt({ ...request, proofDeadlineMs: 120_000 }))
    expect(yield* statusOf(id)).toBe("off")
    expect(report).toMatchObject({ proven: true, holding: false, firstStopAfterMs: 0 })
    expect(haltSucceeded(report)).toBe(false)
    expect(report.warnings.join(" ")).toContain("emergency journal")
    expect(witness.journal.map(({ draft, settles }) => [draft.kind, settles === null])).toEqual([
      ["intent", true],
      ["outcome", false]
    ])
  })
)

halting(
  "stops although nothing at all can be written down, and counts what is told nowhere",
  () =>
    Effect.gen(function* () {
      const id = yield* add("Sales 1")
      yield* MemoryLedger.use((ledger) => ledger.breakWith("the disk is full."))
      const report = yield* afterwards(runHalt(request))
      expect(yield* statusOf(id)).toBe("off")
      expect(report.warnings.join(" ")).toContain("2 entries could be written neither")
    }),
  { journalBroken: true }
)

halting(
  "stops although ledger and holds give no answer at all, after the patience it has",
  (witness) =>
    Effect.gen(function* () {
      const ids = [yield* add("Sales 1"), yield* add("Sales 2"), yield* add("Sales 3")]
      const [log, holds] = [yield* AuditLog, yield* HoldStore]
      const report = yield* afterwards(
        runHalt({ ...request, proofDeadlineMs: 120_000 }).pipe(
          Effect.provideService(AuditLog, { ...log, append: () => Effect.never }),
          Effect.provideService(HoldStore, { ...holds, raise: () => Effect.never })
        )
      )
      expect(yield* Effect.forEach(ids, statusOf)).toEqual(["off", "off", "off"])
      // Two seconds for the hold, and two for the first entry; the others do not ask again.
      expect(report).toMatchObject({ proven: true, holding: false, firstStopAfterMs: 4_000 })
      expect(report.lastAcceptAfterMs).toBe(4_000)
      expect(witness.journal.filter(({ draft }) => draft.kind === "intent").length).toBe(3)
    })
)

/** A database that opens once it is there, and is that of the test then. */
const opensWhen = (isThere: () => boolean) =>
  Effect.map(Effect.context<AuditLog | HoldStore>(), (found) =>
    databaseLater(
      Layer.effectContext(
        Effect.suspend(() =>
          isThere()
            ? Effect.succeed(found)
            : Effect.fail(new OperationsUnavailable({ detail: "no route to the host." }))
        )
      )
    )
  )

halting(
  "stops without any database, as the command line does when it cannot be reached",
  (witness) =>
    Effect.gen(function* () {
      const id = yield* add("Sales 1")
      const report = yield* afterwards(
        Effect.provide(
          runHalt({ ...request, proofDeadlineMs: 60_000 }),
          yield* opensWhen(() => false)
        )
      )
      expect(yield* statusOf(id)).toBe("off")
      expect(report).toMatchObject({ proven: true, holding: false, firstStopAfterMs: 0 })
      expect(witness.journal.map(({ draft }) => draft.kind)).toEqual(["intent", "outcome"])
    })
)

halting(
  "holds as soon as the database can be opened after all, and proves itself from then on",
  () =>
    Effect.gen(function* () {
      const id = yield* add("Sales 1")
      let isThere = false
      const halt = yield* runHalt(request).pipe(
        Effect.provide(yield* opensWhen(() => isThere)),
        Effect.forkChild
      )
      yield* allThatCan
      yield* TestClock.adjust("10 seconds")
      expect(yield* statusOf(id)).toBe("off")
      isThere = true
      yield* TestClock.adjust("2 minutes")
      const report = yield* Fiber.join(halt)
      expect(haltSucceeded(report)).toBe(true)
      // A start that was decided before it held may land until twenty seconds later.
      expect(report.tookMs).toBeGreaterThanOrEqual(30_000)
      expect(yield* Effect.flip(start(id))).toMatchObject({ _tag: "TransitionRejected" })
    })
)
