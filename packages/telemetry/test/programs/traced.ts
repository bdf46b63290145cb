import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import {
  alsoReportingTo,
  attribute,
  AuditLog,
  awaitDrain,
  CallingWindows,
  CampaignId,
  continuingTrace,
  defaultRetryPolicy,
  explain,
  getState,
  settle,
  spans,
  Settings,
  defaultGuardPolicy,
  defaultSupervisionPolicy,
  type ProgressEvent,
  transition,
  type TransitionRequest
} from "@campaignctl/core"
import { layer } from "@campaignctl/genesys-cloud"
import { idsLive, layerSql, layerSqlite, layerSqliteClient } from "@campaignctl/ledger-sql"
import type { OperationSpec } from "@campaignctl/operations"
import { Clock, Deferred, Effect, Layer, Redacted, Result, Schedule, Stream } from "effect"
import { inServerSpan, jsonLogs, Telemetry, telemetryLayer } from "../../src/index.ts"

/** What the program is told to do, in its first argument, as JSON. */
export interface Orders {
  readonly work: "activation" | "everything" | "nothing"
  readonly apiUrl: string
  readonly loginUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly ledger: string
  /** The campaign that is started, and one that is on. */
  readonly idle: string
  readonly running: string
  /** One that has nobody to take its calls. */
  readonly unstaffed: string
  /** The caller's headers; without them the trace is continued from the environment. */
  readonly traceparent?: string
}

/** What it did, on its last line of output, as JSON. */
export interface Done {
  readonly exporting: boolean
  readonly metrics: string
  readonly traceIds: ReadonlyArray<string | null>
  readonly sequence: number
  /** Modules of OpenTelemetry that were loaded, where `recordModules.ts` was imported first. */
  readonly loaded: ReadonlyArray<string>
}

const orders: Orders = JSON.parse(process.argv[2] ?? "{}")
const RETRY_BASE_MS = 20
const CALLER_PATIENCE_MS = 150
const NO_CONTENT = 204

const request = (id: string, target: TransitionRequest["target"]): TransitionRequest => ({
  campaignId: CampaignId.make(id),
  target,
  requestedBy: "operator@example.com",
  source: "library",
  note: "canary-note",
  ...(target === "paused" ? { pauseReason: "OTHER" } : {})
})

const activation = inServerSpan({
  method: "POST",
  route: "/v1/campaigns/{id}/transitions",
  header: (name) => (name === "traceparent" ? orders.traceparent : undefined)
})(Effect.map(transition(request(orders.idle, "active")), (done) => ({ status: 200, done })))

const OPERATIONS: ReadonlyArray<OperationSpec> = [
  {
    _tag: "Fleet",
    selector: { ids: [CampaignId.make(orders.running)] },
    change: { target: "paused", pauseReason: "OTHER", note: "canary-note" },
    order: "listed",
    concurrency: 1,
    maxFailures: null
  },
  {
    _tag: "Halt",
    name: "canary-note",
    selector: { ids: [CampaignId.make(orders.idle)] },
    pauseReason: "COMPLIANCE",
    proofDeadlineMs: 30_000
  }
]

/** Milliseconds until a schedule is due: so soon that the run hardly waits for it. */
const DUE_IN_MS = 500
/** Milliseconds between looks whether it has fired. */
const LOOK_EVERY_MS = 50

/** A receiver of webhooks on this machine, which answers 204 to whatever it is sent. */
const receiver = Effect.acquireRelease(
  Effect.callback<Server>((resume) => {
    const server = createServer((_, answer) => answer.writeHead(NO_CONTENT).end())
    server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
  }),
  (server) => Effect.sync(() => server.close())
)

/** A fleet, a halt of what was started, and a firing, on an engine that supervises, watches and tells too. */
const operated = Effect.gen(function* () {
  // Here, because a run without operations loads none of it.
  const {
    defaultHaltPolicy,
    HaltSettings,
    layerSchedules,
    layerSingle,
    OperationId,
    Operations,
    Schedules
  } = yield* Effect.promise(() => import("@campaignctl/operations"))
  const { deliver, layerWebhooks, parseAllowList, Webhooks } = yield* Effect.promise(
    () => import("@campaignctl/webhooks")
  )
  const allow = Result.getOrThrow(parseAllowList("127.0.0.1"))
  const done: Partial<Record<ProgressEvent["_tag"], Deferred.Deferred<void>>> = {
    GuardLooked: yield* Deferred.make<void>(),
    ClusterSeen: yield* Deferred.make<void>(),
    WatchSeen: yield* Deferred.make<void>(),
    MessageSent: yield* Deferred.make<void>()
  }
  const report = ({ _tag }: ProgressEvent) => {
    const told = done[_tag]
    return told === undefined ? Effect.void : Effect.asVoid(Deferred.succeed(told, undefined))
  }
  const running = Effect.gen(function* () {
    const operations = yield* Operations
    const { port } = (yield* receiver).address() as AddressInfo // of a server that listens on TCP
    yield* (yield* Webhooks).add({
      draft: {
        url: `http://127.0.0.1:${port}/canary-note`,
        eventTypes: ["campaign.state.changed"]
      },
      requestedBy: "operator@example.com"
    })
    yield* Effect.forkScoped(deliver({ allow }))
    const now = yield* Clock.currentTimeMillis
    const { view } = yield* (yield* Schedules).add({
      draft: {
        name: "canary-note",
        when: { at: [new Date(now + DUE_IN_MS).toISOString()] },
        selector: { ids: [orders.unstaffed] },
        change: { target: "paused", pauseReason: "OTHER", note: "canary-note" }
      },
      requestedBy: "operator@example.com",
      source: "library"
    })
    for (const [index, spec] of OPERATIONS.entries()) {
      const id = OperationId.make(`0192f4d2-7c3a-7000-8000-00000000000${index}`)
      yield* operations.submit({ id, spec, requestedBy: "operator@example.com", source: "library" })
      yield* Stream.runDrain(operations.watch(id))
    }
    yield* Effect.forEach(Object.values(done), Deferred.await)
    const fired = operations.list({ scheduleId: view.schedule.id, statuses: ["succeeded"] })
    yield* Effect.repeat(fired, {
      schedule: Schedule.spaced(LOOK_EVERY_MS),
      until: ({ length }) => length > 0
    })
  })
  const supervision = { ...defaultSupervisionPolicy, care: {} }
  const engine = layerSingle({ filename: orders.ledger, supervision, watching: true }).pipe(
    Layer.merge(
      Layer.merge(
        // A schedule and its entry are one transaction, on one client.
        Layer.provide(layerSchedules(), layerSql(orders.ledger)),
        layerWebhooks({ allow })
      ).pipe(Layer.provideMerge(idsLive))
    ),
    Layer.provideMerge(layerSqliteClient({ filename: orders.ledger })),
    // Nothing else starts campaigns here, so that the proof need not wait for starts on their way.
    Layer.provide(Layer.succeed(HaltSettings, { ...defaultHaltPolicy, settleMs: 0 }))
  )
  yield* alsoReportingTo({ report })(Effect.provide(Effect.scoped(running), engine))
})

/** Whatever makes a span or measures something, once. */
const everything = Effect.gen(function* () {
  yield* settle
  yield* Effect.exit(explain({ campaignId: CampaignId.make(orders.idle), target: "active" }))
  const started = yield* activation
  yield* getState(CampaignId.make(orders.running))
  // A caller that does not wait: the run is interrupted, and settled, while it waits to try again.
  yield* transition(request(orders.running, "paused")).pipe(
    Effect.timeout(CALLER_PATIENCE_MS),
    Effect.exit
  )
  yield* transition(request(orders.running, "paused"))
  yield* awaitDrain(CampaignId.make(orders.running), { deadline: "20 seconds" })
  yield* Effect.exit(transition(request(orders.unstaffed, "active")))
  yield* Effect.exit(transition(request("00000000-0000-4000-8000-000000000000", "paused")))
  yield* operated
  return started
})

const command = everything.pipe(
  Effect.tap(() => Effect.annotateCurrentSpan(attribute.exitCode, 0)),
  Effect.withSpan(spans.command.name)
)

const work = {
  activation,
  everything: command,
  nothing: Effect.succeed({ done: { auditSequence: 0 } })
}

const ports = Layer.mergeAll(
  layer({
    contract: "platform",
    apiUrl: orders.apiUrl,
    loginUrl: orders.loginUrl,
    clientId: orders.clientId,
    clientSecret: Redacted.make(orders.clientSecret)
  }),
  CallingWindows.always({ zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }] }),
  layerSqlite({ filename: orders.ledger }).pipe(Layer.provide(idsLive)),
  Layer.succeed(Settings, {
    guards: defaultGuardPolicy,
    retry: { ...defaultRetryPolicy, baseMs: RETRY_BASE_MS },
    governanceLevel: "L3"
  })
)

const program = Effect.gen(function* () {
  const { done } = yield* work[orders.work]
  const entries = yield* AuditLog.use(({ query }) => Stream.runCollect(query({})))
  const telemetry = yield* Telemetry
  const metrics = yield* Effect.promise(telemetry.metricsText)
  const summary: Done = {
    exporting: telemetry.exporting,
    metrics,
    traceIds: entries.map(({ traceId }) => traceId),
    sequence: done.auditSequence,
    loaded: (globalThis as { loadedModules?: ReadonlyArray<string> }).loadedModules ?? []
  }
  return summary
}).pipe(
  continuingTrace({
    traceparent: process.env["TRACEPARENT"],
    tracestate: process.env["TRACESTATE"]
  }),
  Effect.provide(ports),
  Effect.provide(telemetryLayer()),
  Effect.provide(jsonLogs())
)

const done = await Effect.runPromise(program)
process.stdout.write(`${JSON.stringify(done)}\n`)
