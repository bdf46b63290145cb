import { expect } from "@effect/vitest"
import { AuditLog, type Campaign, CampaignGateway, CampaignId } from "@campaignctl/core"
import { GatewayWorld, MemoryLedger } from "@campaignctl/core/testing"
import { Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { haltSucceeded, runHalt } from "../../src/halt/index.ts"
import { allThatCan } from "./support/allThatCan.ts"
import { add, afterwards, halting, kinds, request, start, statusOf } from "./support/halting.ts"
import type { Mishaps } from "./support/HaltWorld.ts"

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

halting("says where no campaign is in its scope, which it proves all the same", () =>
  Effect.gen(function* () {
    const report = yield* afterwards(runHalt(request))
    expect(haltSucceeded(report)).toBe(true)
    expect(report.selected).toBe(0)
    expect(report.warnings).toEqual([expect.stringContaining("none was stopped")])
  })
)

halting("names the campaigns that were named and are not there", () =>
  Effect.gen(function* () {
    const there = yield* add("Sales 1")
    const absent = CampaignId.make("99999999-9999-4999-8999-999999999999")
    const report = yield* afterwards(runHalt({ ...request, scope: { ids: [there, absent] } }))
    expect(report.campaigns).toMatchObject([{ campaignId: there, outcome: "stopped" }])
    expect(report.warnings).toEqual([expect.stringContaining(absent)])
    expect(report.warnings.join(" ")).not.toContain(there)
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

halting(
  "stops a campaign with a status that nobody knows, and claims no proof while it is shown",
  () =>
    Effect.gen(function* () {
      const id = yield* add("Sales 1")
      const gateway = yield* CampaignGateway
      let heeds = false
      const odd = (campaign: Campaign) =>
        campaign.status === "off" ? campaign : { ...campaign, status: "hibernating" }
      const shown = CampaignGateway.of({
        ...gateway,
        list: (filter) =>
          Stream.map(gateway.list(filter), (page) => ({
            ...page,
            campaigns: page.campaigns.map(odd)
          })),
        stop: (...stop) => (heeds ? gateway.stop(...stop) : Effect.void)
      })
      const halt = yield* runHalt(request).pipe(
        Effect.provideService(CampaignGateway, shown),
        Effect.forkChild
      )
      yield* TestClock.adjust("1 minute")
      heeds = true
      yield* TestClock.adjust("5 minutes")
      const report = yield* Fiber.join(halt)
      expect(yield* statusOf(id)).toBe("off")
      expect(haltSucceeded(report)).toBe(true)
      expect(report.tookMs).toBeGreaterThan(60_000)
      expect(report.campaigns).toMatchObject([{ campaignId: id, outcome: "stopped" }])
    })
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
