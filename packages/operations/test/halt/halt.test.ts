import { expect, it } from "@effect/vitest"
import { type CampaignId, transition } from "@campaignctl/core"
import { AuditLog, CampaignGateway } from "@campaignctl/core"
import { GatewayWorld, MemoryLedger } from "@campaignctl/core/testing"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  haltSucceeded,
  type HaltRequest,
  HoldStore,
  liftHold,
  runHalt,
  settleHolds,
  withoutDatabase
} from "../../src/halt/index.ts"
import { allThatCan } from "./support/allThatCan.ts"
import { MemoryHolds } from "./support/memoryHoldStore.ts"
import { CALM, haltWorld, type Mishaps, Witness, type World } from "./support/HaltWorld.ts"

const request: HaltRequest = {
  name: "Easter",
  scope: {},
  pauseReason: "COMPLIANCE",
  requestedBy: "ada",
  source: "cli",
  requestId: "halt-1",
  proofDeadlineMs: 600_000
}

const halting = (
  name: string,
  test: (witness: Witness) => Effect.Effect<void, unknown, World>,
  mishaps: Partial<Mishaps> = {}
): void => {
  const witness = new Witness()
  it.effect(name, () =>
    Effect.suspend(() => test(witness)).pipe(
      Effect.provide(haltWorld({ ...CALM, ...mishaps }, witness), { local: true })
    )
  )
}

const add = (name: string, state: "active" | "paused" | "completed" = "active", calls = 0) =>
  GatewayWorld.use((world) => world.addCampaign({ name, state, calls }))
const statusOf = (id: CampaignId) =>
  Effect.map(
    CampaignGateway.use((gateway) => gateway.get(id)),
    ({ status }) => status
  )
const afterwards = <A, E, R>(work: Effect.Effect<A, E, R>, wait = "15 minutes" as const) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(work)
    yield* allThatCan
    yield* TestClock.adjust(wait)
    return yield* Fiber.join(fiber)
  })
const start = (campaignId: CampaignId) =>
  transition({ campaignId, target: "active", requestedBy: "bob", source: "library" })
const kinds = Effect.map(
  MemoryLedger.use(({ entries }) => entries),
  (entries) => entries.map(({ kind }) => kind)
)

halting("stops what dials and nothing else, and tells in numbers what it did", (witness) =>
  Effect.gen(function* () {
    const [one, two, off, done] = [
      yield* add("Sales 1"),
      yield* add("Sales 2"),
      yield* add("Sales 3", "paused"),
      yield* add("Sales 4", "completed")
    ]
    const report = yield* afterwards(runHalt(request))
    expect(report).toMatchObject({
      name: "Easter",
      proven: true,
      holding: true,
      selected: 4,
      firstStopAfterMs: 0,
      lastAcceptAfterMs: 0,
      requests: { stops: 2, others: 0 },
      warnings: []
    })
    expect(report.noNewDialsAfterMs).toBeLessThan(5_000)
    expect(report.drainedAfterMs).toBe(report.noNewDialsAfterMs)
    expect(report.tookMs).toBeGreaterThanOrEqual(20_000)
    expect(report.campaigns.map(({ outcome }) => outcome)).toEqual(["stopped", "stopped"])
    expect(witness.stopped).toEqual([one, two])
    expect(yield* Effect.forEach([one, two, off, done], statusOf)).toEqual([
      "off",
      "off",
      "off",
      "complete"
    ])
    // Raised before anything was listed; both intents before their stops, the outcomes after.
    expect(yield* kinds).toEqual(["halt-raised", "intent", "intent", "outcome", "outcome"])
    expect((yield* AuditLog.use(({ verify }) => verify))._tag).toBe("Intact")
  })
)

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

halting(
  "a start that was decided before the hold and lands after everything was quiet is stopped too",
  () =>
    Effect.gen(function* () {
      const id = yield* add("Sales 1", "paused")
      const starting = yield* Effect.forkChild(start(id))
      yield* TestClock.adjust(1)
      const report = yield* afterwards(runHalt(request))
      expect((yield* Fiber.join(starting))._tag).toBe("Applied")
      expect(haltSucceeded(report)).toBe(true)
      expect(report.campaigns).toMatchObject([{ campaignId: id, outcome: "stopped" }])
      expect(yield* statusOf(id)).toBe("off")
    }),
  { startTakesMs: 16_000 }
)

halting("stops again what somebody switches on during it, and tells of the drift", () =>
  Effect.gen(function* () {
    const id = yield* add("Sales 1")
    const fiber = yield* Effect.forkChild(runHalt(request))
    yield* TestClock.adjust("10 seconds")
    yield* GatewayWorld.use((world) => world.setState(id, "active"))
    yield* TestClock.adjust("5 minutes")
    const report = yield* Fiber.join(fiber)
    expect(report.campaigns).toMatchObject([{ startedAgain: 1, attempts: 2, outcome: "stopped" }])
    expect(yield* kinds).toEqual(["halt-raised", "intent", "outcome", "drift", "intent", "outcome"])
  })
)

halting("waits for running calls until its deadline, and says what it has seen of them", () =>
  Effect.gen(function* () {
    const id = yield* add("Sales 1", "active", 3)
    const fiber = yield* Effect.forkChild(runHalt(request))
    yield* TestClock.adjust("2 minutes")
    yield* GatewayWorld.use((world) => world.endCalls(id))
    yield* TestClock.adjust("5 minutes")
    const report = yield* Fiber.join(fiber)
    expect(report.noNewDialsAfterMs).toBeLessThan(5_000)
    expect(report.drainedAfterMs).toBeGreaterThanOrEqual(120_000)
    yield* add("Sales 2", "active", 3)
    const hasty = yield* afterwards(runHalt({ ...request, proofDeadlineMs: 60_000 }))
    expect(hasty).toMatchObject({ proven: true, drainedAfterMs: null, tookMs: 60_000 })
    expect(hasty.campaigns).toMatchObject([{ outcome: "draining" }])
  })
)

const REFUSED: Mishaps["stops"] = Array.from({ length: 500 }, () => ({ kind: "refused" }))

halting(
  "gives up at its deadline, names what it could not stop and why, and claims nothing",
  () =>
    Effect.gen(function* () {
      const id = yield* add("Sales 1")
      const report = yield* afterwards(runHalt({ ...request, proofDeadlineMs: 60_000 }))
      expect(report).toMatchObject({ proven: false, noNewDialsAfterMs: null, tookMs: 60_000 })
      expect(report.campaigns).toMatchObject([
        { campaignId: id, outcome: "failed", errorCode: "GENESYS_REFUSED" }
      ])
      expect(report.warnings.join(" ")).toContain("not proven")
      const [entry] = (yield* MemoryLedger.use(({ entries }) => entries)).slice(-1)
      expect(entry).toMatchObject({ kind: "outcome", outcome: "failed", success: false })
    }),
  { stops: REFUSED }
)

const NO_LIST: Mishaps["lists"] = Array.from({ length: 10_000 }, () => ({ kind: "lostBefore" }))

halting(
  "stops what the ledger last knew to dial, or what was named, where Genesys gives no list",
  (witness) =>
    Effect.gen(function* () {
      const [known, , named] = [
        yield* add("Sales 1", "paused"),
        yield* add("Sales 2"),
        yield* add("Sales 3")
      ]
      yield* start(known)
      const report = yield* afterwards(runHalt({ ...request, proofDeadlineMs: 60_000 }))
      expect(report).toMatchObject({ proven: false, holding: true })
      expect([...new Set(witness.stopped)]).toEqual([known])
      expect(report.campaigns).toMatchObject([{ outcome: "unknown" }])
      const byId = { ...request, scope: { ids: [named] }, proofDeadlineMs: 60_000 }
      yield* afterwards(runHalt(byId))
      expect(yield* statusOf(named)).toBe("off")
    }),
  { lists: NO_LIST }
)

halting(
  "asks again what was refused, although there is no list to tell",
  (witness) =>
    Effect.gen(function* () {
      const id = yield* add("Sales 1")
      const report = yield* afterwards(
        runHalt({ ...request, scope: { ids: [id] }, proofDeadlineMs: 60_000 })
      )
      expect(yield* statusOf(id)).toBe("off")
      expect(witness.stopped).toEqual([id, id, id])
      expect(report).toMatchObject({ proven: false, campaigns: [{ outcome: "unknown" }] })
    }),
  { lists: NO_LIST, stops: [{ kind: "refused" }, { kind: "refused" }] }
)

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

halting(
  "stops without any database, as the command line does when it cannot be reached",
  (witness) =>
    Effect.gen(function* () {
      const id = yield* add("Sales 1")
      const report = yield* afterwards(
        Effect.provide(
          runHalt({ ...request, proofDeadlineMs: 60_000 }),
          withoutDatabase("no route to the host.")
        )
      )
      expect(yield* statusOf(id)).toBe("off")
      expect(report).toMatchObject({ proven: true, holding: false, firstStopAfterMs: 0 })
      expect(witness.journal.map(({ draft }) => draft.kind)).toEqual(["intent", "outcome"])
    })
)

halting("gives its open intents an outcome when it is interrupted", () =>
  Effect.gen(function* () {
    yield* add("Sales 1")
    const fiber = yield* Effect.forkChild(runHalt(request))
    yield* allThatCan
    yield* Fiber.interrupt(fiber)
    expect(yield* kinds).toEqual(["halt-raised", "intent", "outcome"])
    const [entry] = (yield* MemoryLedger.use(({ entries }) => entries)).slice(-1)
    expect(entry).toMatchObject({ outcome: "unknown", errorCode: "OUTCOME_UNKNOWN" })
  })
)
