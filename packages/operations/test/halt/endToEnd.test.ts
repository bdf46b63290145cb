import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { AuditLog, CallingWindows, CampaignId, transition } from "@campaignctl/core"
import { layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { expect, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
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
