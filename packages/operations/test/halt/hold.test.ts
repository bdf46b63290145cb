import { expect } from "@effect/vitest"
import { AuditLog } from "@campaignctl/core"
import { GatewayWorld, MemoryLedger } from "@campaignctl/core/testing"
import { Effect, Stream } from "effect"
import { haltSucceeded, HoldStore, liftHold, runHalt, settleHolds } from "../../src/halt/index.ts"
import { add, afterwards, halting, kinds, request, start } from "./support/halting.ts"

halting(
  "refuses starts in its scope until it is lifted by name, and tells the ledger of both",
  () =>
    Effect.gen(function* () {
      const [held, free] = [yield* add("Sales 1", "paused"), yield* add("Service 1", "paused")]
      yield* afterwards(runHalt({ ...request, scope: { namePattern: "sales *" } }))
      expect(yield* Effect.flip(start(held))).toMatchObject({ _tag: "TransitionRejected" })
      expect((yield* start(free))._tag).toBe("Applied")
      expect(
        yield* Effect.flip(liftHold({ name: "Other", liftedBy: "bob", source: "cli" }))
      ).toMatchObject({ _tag: "HoldNotFound" })
      const [lifted] = yield* liftHold({
        name: "Easter",
        liftedBy: "bob",
        source: "cli",
        note: "all clear"
      })
      expect(lifted).toMatchObject({ liftedBy: "bob", liftNote: "all clear" })
      expect((yield* start(held))._tag).toBe("Applied")
      const told = yield* AuditLog.use((log) => Stream.runCollect(log.query({ campaignId: "*" })))
      expect(
        told.map(({ campaignName, holdScope, kind, requestedBy }) => [
          kind,
          campaignName,
          requestedBy,
          holdScope
        ])
      ).toEqual([
        ["halt-raised", "Easter", "ada", { namePattern: "sales *" }],
        ["halt-lifted", "Easter", "bob", { namePattern: "sales *" }]
      ])
    })
)

halting("a hold that reaches beyond the caller's divisions is not theirs to lift", () =>
  Effect.gen(function* () {
    yield* afterwards(runHalt(request))
    const bound = {
      name: "Easter",
      liftedBy: "bob",
      source: "http",
      divisionIds: ["home"]
    } as const
    expect(yield* Effect.flip(liftHold(bound))).toMatchObject({ _tag: "HoldNotFound" })
    expect((yield* HoldStore.use((store) => store.list({ active: true }))).length).toBe(1)
  })
)

halting("a halt of a name that holds joins the hold, stops again, and proves it anew", (witness) =>
  Effect.gen(function* () {
    const id = yield* add("Sales 1")
    yield* afterwards(runHalt(request))
    yield* GatewayWorld.use((world) => world.setState(id, "active"))
    const again = yield* afterwards(runHalt({ ...request, requestId: "halt-2" }))
    expect(haltSucceeded(again)).toBe(true)
    expect(witness.stopped).toEqual([id, id])
    yield* afterwards(runHalt({ ...request, scope: { namePattern: "*" }, requestId: "halt-3" }))
    const holds = yield* HoldStore.use((store) => store.list({ active: true, name: "Easter" }))
    expect(holds.length).toBe(2)
    expect((yield* liftHold({ name: "Easter", liftedBy: "bob", source: "cli" })).length).toBe(2)
  })
)

halting("tells the ledger of a hold once, whatever came between the two writes", () =>
  Effect.gen(function* () {
    const holds = yield* HoldStore
    const forgetful = { ...holds, recorded: () => Effect.void }
    yield* afterwards(runHalt(request).pipe(Effect.provideService(HoldStore, forgetful)))
    yield* settleHolds
    yield* settleHolds
    expect(yield* kinds).toEqual(["halt-raised"])
    expect(yield* holds.list({ active: true })).toMatchObject([{ raisedSequence: 1 }])
  })
)

halting("tells the ledger later of a hold that was raised while it could not be written", () =>
  Effect.gen(function* () {
    yield* MemoryLedger.use((ledger) => ledger.breakWith("the disk is full."))
    const report = yield* afterwards(runHalt(request))
    expect(report.warnings.join(" ")).toContain("The ledger was not told that halt “Easter” holds.")
    yield* MemoryLedger.use((ledger) => ledger.breakWith(undefined))
    yield* settleHolds
    expect(yield* kinds).toEqual(["halt-raised"])
  })
)
