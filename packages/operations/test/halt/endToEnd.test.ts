import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  AuditLog,
  CallingWindows,
  CampaignGateway,
  CampaignId,
  CurrentBudgetClass,
  transition
} from "@campaignctl/core"
import { layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { expect, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Stream } from "effect"
import {
  defaultHaltPolicy,
  haltServices,
  haltSucceeded,
  HaltSettings,
  liftHold,
  runHalt
} from "../../src/halt/index.ts"
import { genesysOf, simulatorProcess } from "./support/simulatorProcess.ts"

const ACTIVE = 300
/** Of the organisation that the simulator begins with, and of what is added. */
const LIMIT = String(ACTIVE + 50)

const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "halt-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

const always = CallingWindows.always({
  zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }]
})

const database = (file: string) =>
  haltServices.pipe(
    (services) => Layer.provideMerge(layerSql(file), services),
    Layer.provideMerge(layerSqliteClient({ filename: file })),
    Layer.orDie
  )

it.live.each(["platform", "etag"] as const)(
  "stops three hundred campaigns of a service that is elsewhere, by the %s contract",
  (contract) =>
    Effect.gen(function* () {
      const { control, ready } = yield* simulatorProcess(
        "--active-limit",
        LIMIT,
        "--rate",
        "off",
        "--call-seconds",
        "0.2-0.5"
      )
      const added = yield* Effect.forEach(
        Array.from({ length: ACTIVE }, (_, index) => `Halt ${index}`),
        (name) => Effect.promise(() => control.addCampaign({ name, status: "on" })),
        { concurrency: 8 }
      )
      const ids = added.map(({ id }) => CampaignId.make(id))
      const before = yield* Effect.promise(() => control.state())
      const services = Layer.mergeAll(
        Layer.provideMerge(always, genesysOf(ready, contract)),
        database(join(yield* folder, "ledger.db"))
      )
      yield* Effect.gen(function* () {
        const report = yield* runHalt({
          name: "Recall",
          scope: { namePattern: "halt *" },
          pauseReason: "COMPLIANCE",
          requestedBy: "ada",
          source: "cli",
          requestId: "halt-1",
          proofDeadlineMs: 60_000
        }).pipe(Effect.provideService(HaltSettings, { ...defaultHaltPolicy, settleMs: 1_000 }))
        expect(haltSucceeded(report)).toBe(true)
        expect(report.campaigns.length).toBe(ACTIVE)
        expect(new Set(report.campaigns.map(({ outcome }) => outcome))).toEqual(
          new Set(["stopped"])
        )

        // By the simulator's own log: lists and stops alone, one stop for each, no read before it.
        const log = yield* Effect.promise(() => control.requests())
        const sent = log.filter(({ campaignId, route }) => campaignId !== null && route !== null)
        const perCampaign = contract === "platform" ? 1 : 2
        expect(sent.length).toBe(ACTIVE * perCampaign)
        if (contract === "platform")
          expect(new Set(sent.map(({ route }) => route))).toEqual(
            new Set(["POST /api/v2/outbound/campaigns/:id/stop"])
          )
        const { campaigns } = yield* Effect.promise(() => control.state())
        const on = campaigns.filter(({ status }) => status === "on").map(({ id }) => id)
        expect(on.toSorted()).toEqual(
          before.campaigns
            .filter(({ id, status }) => status === "on" && !ids.includes(CampaignId.make(id)))
            .map(({ id }) => id)
            .toSorted()
        )
        yield* Effect.logInfo(
          `${contract}: first stop after ${report.firstStopAfterMs} ms, last accepted after ${report.lastAcceptAfterMs} ms, no new dials after ${report.noNewDialsAfterMs} ms, drained after ${report.drainedAfterMs} ms, requests ${JSON.stringify(report.requests)}`
        )

        const [first] = ids
        if (first === undefined) throw new Error("no campaign was added")
        const start = transition({
          campaignId: first,
          target: "active",
          requestedBy: "bob",
          source: "cli",
          overrides: [{ guard: "capacity", note: "a test" }]
        })
        const refused = yield* Effect.flip(start)
        expect(refused).toMatchObject({ _tag: "TransitionRejected" })
        expect("violations" in refused && refused.violations.map(({ guard }) => guard)).toEqual([
          "hold"
        ])
        yield* liftHold({ name: "Recall", liftedBy: "bob", source: "cli", note: "all clear" })
        expect((yield* start)._tag).toBe("Applied")

        const ledger = yield* AuditLog
        expect((yield* ledger.verify)._tag).toBe("Intact")
        const told = yield* Stream.runCollect(ledger.query({ campaignId: "*" }))
        expect(told.map(({ kind }) => kind)).toEqual(["halt-raised", "halt-lifted"])
        const halted = yield* Stream.runCollect(ledger.query({ requestId: "halt-1" }))
        const count = (kind: string) => halted.filter((entry) => entry.kind === kind).length
        expect([count("intent"), count("outcome")]).toEqual([ACTIVE, ACTIVE])
      }).pipe(Effect.provide(services))
    })
)

/** Requests a minute that the simulator grants, and how many of them are kept for halts: one in twenty. */
const GRANTED = 120
const KEPT = 6
/** One list and the stops that the kept share pays for. */
const FEW = KEPT - 1

it.live("overtakes everybody who waits for the budget", () =>
  Effect.gen(function* () {
    const { control, ready } = yield* simulatorProcess("--rate", String(GRANTED))
    const ids: Array<CampaignId> = []
    for (let index = 0; index < FEW; index++) {
      const { id } = yield* Effect.promise(() =>
        control.addCampaign({ name: `Halt ${index}`, status: "on" })
      )
      ids.push(CampaignId.make(id))
    }
    const [busy] = ready.campaigns
    if (busy === undefined) throw new Error("the simulator has no campaign")
    const reads = Effect.map(
      Effect.promise(() => control.requests()),
      (log) => log.filter(({ path }) => path.startsWith("/api/v2/outbound/campaigns"))
    )
    yield* Effect.gen(function* () {
      const gateway = yield* CampaignGateway
      const load = Effect.forEach(
        Array.from({ length: 2 * GRANTED }),
        () => gateway.get(CampaignId.make(busy.id)),
        { concurrency: "unbounded", discard: true }
      ).pipe(Effect.provideService(CurrentBudgetClass, "operator"))
      const loading = yield* Effect.forkChild(Effect.exit(load))
      // Until all that is granted but the kept share is spent, and the rest of the load waits.
      yield* Effect.repeat(Effect.delay(reads, 50), {
        until: (log) => log.length >= GRANTED - KEPT && log.every(({ status }) => status !== null)
      })
      const before = (yield* reads).length
      const report = yield* runHalt({
        name: "Recall",
        scope: { ids },
        pauseReason: "COMPLIANCE",
        requestedBy: "ada",
        source: "cli",
        requestId: "halt-1",
        proofDeadlineMs: 5_000
      })
      const after = (yield* reads).slice(before)
      yield* Fiber.interrupt(loading)
      expect(before).toBe(GRANTED - KEPT)
      expect(after.slice(0, KEPT).map(({ route }) => route)).toEqual([
        "GET /api/v2/outbound/campaigns",
        ...ids.map(() => "POST /api/v2/outbound/campaigns/:id/stop")
      ])
      expect(report.requests.stops).toBe(FEW)
      expect((yield* reads).every(({ status }) => status !== 429)).toBe(true)
    }).pipe(
      Effect.provide(Layer.merge(genesysOf(ready), database(join(yield* folder, "ledger.db"))))
    )
  })
)
