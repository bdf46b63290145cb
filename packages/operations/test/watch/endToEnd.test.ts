import {
  AuditLog,
  type CampaignId,
  CallingWindows,
  defaultSupervisionPolicy
} from "@campaignctl/core"
import { layer as genesysLayer } from "@campaignctl/genesys-cloud"
import { idsLive, layerSql, layerSqliteClient } from "@campaignctl/ledger-sql"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, Option, Redacted, Stream } from "effect"
import { v7 } from "uuid"
import {
  layerSingle,
  OperationId,
  Operations,
  type SingleOptions,
  watchStoreSql,
  WatchStore
} from "../../src/index.ts"
import { safeguards } from "../../src/safeguards.ts"
import { addCampaign, type Simulator, startSimulator } from "../support/simulator.ts"

/** Twice as many as Genesys lets be active at one time unless the organisation's limit was raised. */
const CAMPAIGNS = 100
/** Calls so long that a drain is waited for while several looks would be made. */
const WORLD = ["--call-seconds", "8-12", "--active-limit", String(CAMPAIGNS)] as const

const always = CallingWindows.always({
  zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }]
})

const simulator = (...options: ReadonlyArray<string>) =>
  Effect.acquireRelease(
    Effect.promise(() => startSimulator(...options)),
    (running) => Effect.promise(() => running[Symbol.asyncDispose]())
  )

/** An engine that watches, on a database in memory and over sockets to the simulator. */
const watching = ({ ready }: Simulator, options: Partial<SingleOptions> = {}) =>
  layerSingle({ filename: undefined, watching: true, ...options }).pipe(
    Layer.provideMerge(watchStoreSql),
    Layer.provideMerge(safeguards),
    Layer.provideMerge(always),
    Layer.provideMerge(
      genesysLayer({
        contract: "platform",
        apiUrl: ready.apiUrl,
        loginUrl: ready.loginUrl,
        clientId: ready.clientId,
        clientSecret: Redacted.make(ready.clientSecret)
      })
    ),
    Layer.provideMerge(layerSql("the database").pipe(Layer.provide(idsLive))),
    Layer.provideMerge(Layer.orDie(layerSqliteClient({ filename: ":memory:" })))
  )

/** Asks again until the answer is as wanted; the test's own time limit ends what never comes. */
const until = <A, E, R>(
  ask: Effect.Effect<A, E, R>,
  wanted: (answer: A) => boolean
): Effect.Effect<A, E, R> =>
  ask.pipe(
    Effect.flatMap((answer) => Effect.as(Effect.sleep(20), answer)),
    Effect.repeat({ until: wanted })
  )

/** Ends when changes of so many campaigns are heard of. */
const covered = (count: number) =>
  Effect.flatMap(WatchStore, ({ beat }) =>
    until(beat, (now) => now !== null && now.covered >= count)
  )

it.live(
  "waits for the drains of a hundred campaigns without a request while changes are heard of",
  () =>
    Effect.gen(function* () {
      const running = yield* simulator("--campaigns", "0", ...WORLD)
      const { control } = running
      const ids: Array<CampaignId> = []
      yield* Effect.promise(async () => {
        for (let index = 0; index < CAMPAIGNS; index++)
          ids.push(await addCampaign(control, { name: `Drained ${index}`, status: "on" }))
        for (const id of ids)
          await control.changeCampaign(id, { outstandingCalls: 1, callSeconds: 10 })
      })
      yield* Effect.gen(function* () {
        const before = yield* covered(CAMPAIGNS)
        assert.isAtLeast(before?.campaigns ?? 0, CAMPAIGNS)
        const operations = yield* Operations
        const id = OperationId.make(v7())
        yield* operations.submit({
          id,
          spec: {
            _tag: "Fleet",
            selector: { namePattern: "Drained *" },
            change: { target: "paused", pauseReason: "OTHER" },
            order: "listed",
            concurrency: 20,
            maxFailures: null,
            drainDeadlineMs: 120_000
          },
          requestedBy: "ada",
          source: "library"
        })
        const over = Option.getOrThrow(yield* Stream.runLast(operations.watch(id)))
        assert.strictEqual(over.status, "succeeded")
        assert.strictEqual(over.counts.applied, CAMPAIGNS)
        const requests = yield* Effect.promise(() => control.requests())
        const lastWrite = requests.findLastIndex(({ method }) => method === "PUT")
        const drains = requests.slice(lastWrite + 1)
        console.log(
          `${CAMPAIGNS} drains: ${drains.length} requests after the last write, ${requests.length} in all`
        )
        assert.deepStrictEqual(
          drains.map(({ method, route }) => `${method} ${route}`),
          []
        )
        const ledger = yield* AuditLog
        const told = yield* until(
          Stream.runCollect(ledger.query({ kind: "observed" })),
          (entries) => entries.length >= CAMPAIGNS
        )
        assert.sameMembers(
          told.map(({ campaignId, currentState, previousState }) =>
            [campaignId, previousState, currentState].join()
          ),
          ids.map((campaignId) => [campaignId, "draining", "paused"].join())
        )
      }).pipe(Effect.provide(watching(running)))
    })
)

it.live("takes back, without a list, what is started elsewhere, and tells of it", () =>
  Effect.gen(function* () {
    const running = yield* simulator("--campaigns", "0")
    const { control } = running
    const id = yield* Effect.promise(() =>
      addCampaign(control, { name: "Taken back", status: "off" })
    )
    const supervision = {
      ...defaultSupervisionPolicy,
      care: { namePattern: "*" },
      drift: "revert",
      // So long that what comes sooner comes of what was heard.
      intervalMs: 3_600_000
    } as const
    yield* Effect.gen(function* () {
      yield* covered(1)
      yield* Effect.promise(() => control.clearLogs())
      yield* Effect.promise(() => control.changeCampaign(id, { turn: "on" }))
      yield* until(
        Effect.promise(() => control.campaign(id)),
        ({ status }) => status === "off"
      )
      const ledger = yield* AuditLog
      const entries = yield* until(Stream.runCollect(ledger.query({ campaignId: id })), (all) =>
        all.some(({ kind }) => kind === "outcome")
      )
      assert.deepStrictEqual(
        entries.slice(0, 3).map(({ currentState, kind, source }) => [kind, source, currentState]),
        [
          ["drift", "watch", "active"],
          ["intent", "guard", "active"],
          ["outcome", "guard", "active"]
        ]
      )
      const requests = yield* Effect.promise(() => control.requests())
      const routes = new Set(requests.map(({ method, route }) => `${method} ${route}`))
      assert.notInclude([...routes], "GET /api/v2/outbound/campaigns", "no list was needed")
    }).pipe(Effect.provide(watching(running, { supervision })))
  })
)
