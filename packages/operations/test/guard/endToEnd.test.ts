import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { AuditLog, CallingWindows, defaultSupervisionPolicy } from "@campaignctl/core"
import { layer as genesysLayer } from "@campaignctl/genesys-cloud"
import { idsLive, layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { expect, it } from "@effect/vitest"
import { Effect, Layer, Redacted, Stream } from "effect"
import { guardAlone, guardStoreSql, layerGuard } from "../../src/guard/index.ts"
import { Guard } from "../../src/ports/Guard.ts"
import { Transitions } from "../../src/ports/Transitions.ts"
import { startSimulator } from "../support/simulator.ts"

/** The organisation that the simulator begins with, ten teams of 25 campaigns, and as many more on their queues. */
const NAMED = 9
const ON_TEAMS = 250
const ADDED = 50
const QUEUES = 10
const PAGE = 100
const LOOKS = 5

const LIST = "GET /api/v2/outbound/campaigns"
const COUNT = "POST /api/v2/analytics/queues/observations/query"

const always = CallingWindows.always({
  zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }]
})

const simulator = Effect.acquireRelease(
  Effect.promise(() => startSimulator("--campaigns", String(NAMED + ON_TEAMS))),
  (running) => Effect.promise(() => running[Symbol.asyncDispose]())
)
const folder = Effect.acquireRelease(
  Effect.sync(() => mkdtempSync(join(tmpdir(), "guard-"))),
  (path) => Effect.sync(() => rmSync(path, { recursive: true }))
)

/** Asks again until the answer is as wanted; the test's own time limit ends what never comes. */
const until = <A>(ask: () => Promise<A>, wanted: (answer: A) => boolean): Effect.Effect<A> =>
  Effect.promise(ask).pipe(
    Effect.flatMap((answer) => Effect.as(Effect.sleep(20), answer)),
    Effect.repeat({ until: wanted })
  )

it.live("pauses and resumes over sockets, at the price of pages and queues", () =>
  Effect.gen(function* () {
    const { control, ready } = yield* simulator
    const queues = (yield* Effect.promise(() => control.queues())).filter(({ name }) =>
      name.startsWith("Team")
    )
    expect(queues).toHaveLength(QUEUES)
    for (let index = 0; index < ADDED; index++)
      yield* Effect.promise(() =>
        control.addCampaign({
          name: `Added ${index}`,
          status: index < QUEUES ? "on" : "off",
          queueId: queues[index % QUEUES]?.id ?? ""
        })
      )
    const file = join(yield* folder, "ledger.db")
    const policy = {
      ...defaultSupervisionPolicy,
      care: { queueIds: queues.map(({ id }) => id) },
      intervalMs: 1_000,
      pauseDwellMs: 100,
      resumeDwellMs: 100
    }
    const genesys = genesysLayer({
      contract: "platform",
      apiUrl: ready.apiUrl,
      loginUrl: ready.loginUrl,
      clientId: ready.clientId,
      clientSecret: Redacted.make(ready.clientSecret)
    })
    const database = Layer.mergeAll(layerSql(file), guardStoreSql).pipe(
      Layer.provide(idsLive),
      Layer.provide(layerSqliteClient({ filename: file }))
    )
    const ports = Layer.provideMerge(
      Transitions.layerDirect,
      Layer.mergeAll(Layer.provideMerge(always, genesys), database)
    )
    yield* Effect.gen(function* () {
      const looks = yield* until(
        () => control.requests(),
        (requests) => requests.filter(({ route }) => route === COUNT).length >= LOOKS
      )
      const begun = looks.findLastIndex(({ route }) => route === COUNT)
      const routes = looks
        .slice(0, begun + 1)
        .flatMap(({ route }) => (route?.endsWith("/oauth/token") === true ? [] : [route]))
      // Nobody on any queue had to be asked for apart, and no campaign read by itself.
      const pages = Math.ceil((NAMED + ON_TEAMS + ADDED) / PAGE)
      const look = [...Array.from({ length: pages }, () => LIST), COUNT]
      const looked = routes.filter((route) => route === COUNT).length
      expect(routes).toEqual(Array.from({ length: looked }, () => look).flat())

      const status = yield* (yield* Guard).status()
      expect(status.campaigns).toHaveLength(ON_TEAMS + ADDED)

      const [first] = queues
      const queueId = first?.id ?? ""
      const added = yield* Effect.promise(() => control.state())
      const mine = added.campaigns.find(({ name }) => name === "Added 0")?.id ?? ""
      yield* Effect.promise(() => control.agents(queueId, 0, { held: true }))
      yield* until(
        () => control.campaign(mine),
        (campaign) => campaign.document["campaignStatus"] === "off"
      )
      yield* Effect.promise(() => control.agents(queueId, 5, { held: true }))
      yield* until(
        () => control.campaign(mine),
        (campaign) => campaign.document["campaignStatus"] === "on"
      )
      const ledger = yield* AuditLog
      const entries = yield* Stream.runCollect(ledger.query({ campaignId: mine }))
      const intents = entries.filter(({ kind }) => kind === "intent")
      expect(
        intents.map(({ pauseReason, source, targetState }) => ({
          pauseReason,
          source,
          targetState
        }))
      ).toEqual([
        { targetState: "paused", pauseReason: "AGENT_CAPACITY", source: "guard" },
        { targetState: "active", pauseReason: null, source: "guard" }
      ])
      expect(intents[0]?.note).toMatch(/0 of 2 agents available on Team .*, too few since 20/)
      expect(intents[1]?.note).toMatch(/5 of 2 agents available/)
      expect((yield* ledger.verify)._tag).toBe("Intact")
    }).pipe(
      Effect.provide(
        Layer.mergeAll(guardAlone(policy), layerGuard(policy)).pipe(Layer.provideMerge(ports))
      )
    )
  })
)
