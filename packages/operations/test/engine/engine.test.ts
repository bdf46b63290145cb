import { CurrentBudgetClass, Progress, type TransitionRequest } from "@campaignctl/core"
import { GatewayWorld, MemoryLedger } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Option, Stream, Tracer } from "effect"
import { Cluster, layerSingle, Operations, Transitions } from "../../src/index.ts"
import { memoryPorts, memorySql } from "../support/memoryPorts.ts"
import { OPERATION, pausing } from "../support/pausing.ts"

const engine = layerSingle({ filename: undefined }).pipe(
  Layer.provideMerge(memoryPorts),
  Layer.provideMerge(memorySql)
)

/** A tracer that keeps its spans. */
const collecting = () => {
  const spans: Array<Tracer.Span> = []
  const tracer = Tracer.make({
    span: (options) => {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  return { spans, tracer }
}

const pause = (campaignId: TransitionRequest["campaignId"]): TransitionRequest => ({
  campaignId,
  target: "paused",
  pauseReason: "OTHER",
  requestedBy: "ada",
  source: "http",
  requestId: "one"
})

describe("the engine of one process", () => {
  it.live("runs a transition through the writer of its campaign, in its caller's trace", () =>
    Effect.gen(function* () {
      const { addCampaign } = yield* GatewayWorld
      const campaign = yield* addCampaign({ name: "a" })
      const transitions = yield* Transitions
      const { spans, tracer } = collecting()
      const result = yield* transitions
        .run(pause(campaign))
        .pipe(Effect.withSpan("request"), Effect.withTracer(tracer))
      assert.strictEqual(result._tag, "Applied")
      // None is the engine's own.
      assert.deepStrictEqual(
        spans.map(({ name }) => name),
        [
          "request",
          "campaignctl.transition",
          "campaignctl.decide",
          "campaignctl.attempt",
          "campaignctl.ledger.append",
          "campaignctl.ledger.append"
        ]
      )
      const [request, change] = spans
      assert.strictEqual(
        Option.getOrUndefined(change?.parent ?? Option.none())?.spanId,
        request?.spanId
      )
      const entries = yield* (yield* MemoryLedger).entries
      assert.strictEqual(entries.at(-1)?.requestId, "one")
      assert.strictEqual(entries.at(-1)?.traceId, request?.traceId)
    }).pipe(Effect.provide(engine))
  )

  it.live("takes one change of a campaign after the other", () =>
    Effect.gen(function* () {
      const { addCampaign, writes } = yield* GatewayWorld
      const campaign = yield* addCampaign({ name: "a" })
      const transitions = yield* Transitions
      const results = yield* Effect.all(
        Array.from({ length: 20 }, () => transitions.run(pause(campaign))),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(results.filter(({ _tag }) => _tag === "Applied").length, 1)
      assert.lengthOf(yield* writes, 1)
      const entries = yield* (yield* MemoryLedger).entries
      assert.lengthOf(
        entries.filter(({ kind }) => kind === "intent"),
        1
      )
    }).pipe(Effect.provide(engine))
  )

  it.live("lets a stop wait for no start", () =>
    Effect.gen(function* () {
      const { addCampaign, failNext, writes } = yield* GatewayWorld
      const campaign = yield* addCampaign({ name: "a", state: "paused" })
      const transitions = yield* Transitions
      // The first start would wait for seven seconds, and the second for the first.
      yield* failNext("apply", "rate-limited")
      const start: TransitionRequest = {
        ...pause(campaign),
        target: "active",
        overrides: [{ guard: "capacity", note: "nobody is here" }]
      }
      const starts = yield* Effect.forEach([{ ...start, requestId: "two" }, start], (one) =>
        Effect.forkChild(Effect.flip(transitions.run(one)), { startImmediately: true })
      )
      yield* Effect.sleep(100)
      const stopped = yield* transitions.run({ ...pause(campaign), requestId: "three" })
      assert.strictEqual(stopped._tag, "AlreadyThere")
      assert.deepStrictEqual(
        (yield* Fiber.joinAll(starts)).map(({ _tag }) => _tag),
        ["LockConflict", "LockConflict"]
      )
      assert.lengthOf(yield* writes, 0)
      const entries = yield* (yield* MemoryLedger).entries
      assert.deepStrictEqual(
        entries.map(({ errorCode, kind, outcome }) => [kind, outcome, errorCode]),
        [
          ["intent", null, null],
          ["outcome", "failed", "INTERRUPTED"],
          ["outcome", "already-there", null]
        ]
      )
    }).pipe(Effect.timeout(5_000), Effect.provide(engine))
  )

  it.live("gives its typed errors to whoever asked", () =>
    Effect.gen(function* () {
      const { addCampaign } = yield* GatewayWorld
      const campaign = yield* addCampaign({ name: "a", state: "completed" })
      const transitions = yield* Transitions
      const error = yield* Effect.flip(transitions.run({ ...pause(campaign), target: "active" }))
      assert.strictEqual(error._tag, "TransitionRejected")
      if (error._tag !== "TransitionRejected") return
      assert.isNotEmpty(error.violations)
      assert.strictEqual(error.page.code, "TRANSITION_REJECTED")
    }).pipe(Effect.provide(engine))
  )

  it.live(
    "carries a fleet on to its end, is one operation for one id, and shows who does what",
    () =>
      Effect.gen(function* () {
        const { addCampaign } = yield* GatewayWorld
        for (let index = 0; index < 120; index++) yield* addCampaign({ name: `Campaign ${index}` })
        const operations = yield* Operations
        const submission = {
          ...pausing({ namePattern: "*1?" }, { order: "name", concurrency: 5 }),
          divisionIds: ["44444444-4444-4444-8444-444444444444"]
        }
        const first = yield* operations.submit(submission)
        const again = yield* operations.submit({ ...submission, requestedBy: "grace" })
        assert.strictEqual(first.status, "pending")
        assert.strictEqual(again.requestedBy, "ada")
        const seen = yield* Stream.runCollect(operations.watch(OPERATION))
        const last = seen.at(-1)
        assert.strictEqual(last?.status, "succeeded")
        // Campaign 10 to 19, and 110 to 119.
        assert.strictEqual(last?.counts.applied, 20)
        const items = yield* operations.items(OPERATION, { limit: 3, afterPosition: 1 })
        assert.deepStrictEqual(
          items.map(({ name, position, status }) => [position, name, status]),
          [
            [2, "Campaign 11", "applied"],
            [3, "Campaign 110", "applied"],
            [4, "Campaign 111", "applied"]
          ]
        )
        assert.lengthOf(yield* operations.list({ divisionIds: ["somewhere else"] }), 0)
        assert.lengthOf(yield* operations.list({ kind: "Fleet", statuses: ["succeeded"] }), 1)
        const refused = yield* Effect.flip(operations.cancel(OPERATION))
        assert.strictEqual(refused._tag, "OperationNotControllable")
        const { mode, runners } = yield* Effect.flatMap(Cluster, ({ state }) => state)
        assert.strictEqual(mode, "single")
        assert.deepStrictEqual(
          runners.map(({ operations: carried, self }) => [self, carried]),
          [[true, 0]]
        )
      }).pipe(Effect.provide(engine))
  )

  it.live("sends an operation's requests in its class of the budget", () =>
    Effect.gen(function* () {
      const { addCampaign } = yield* GatewayWorld
      yield* addCampaign({ name: "a" })
      const operations = yield* Operations
      yield* operations.submit(pausing({ all: true }))
      yield* Stream.runDrain(operations.watch(OPERATION))
      assert.deepStrictEqual([...new Set(yield* classes)], ["fleet"])
    }).pipe(Effect.provide(engine), Effect.provide(listening))
  )
})

const heard: Array<string> = []
const classes = Effect.sync(() => heard)
/** Hears of every event of an operation, and under which class it happens. */
const listening = Layer.succeed(Progress, {
  report: ({ _tag }) =>
    Effect.map(CurrentBudgetClass, (budgetClass) => {
      if (_tag !== "ClusterSeen" && _tag !== "OperationEnded") heard.push(budgetClass)
    })
})
