import {
  AgentCapacity,
  CallingWindows,
  type CampaignId,
  type TransitionPorts
} from "@campaignctl/core"
import {
  GatewayWorld,
  memoryAuditLog,
  memoryGateway,
  sequentialIds
} from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { expect, it } from "@effect/vitest"
import { Effect, Layer, Option, Schema, Stream } from "effect"
import {
  defaultHaltPolicy,
  HaltReport,
  haltServices,
  HaltSettings,
  layerSingle,
  liftHold,
  OperationId,
  Operations,
  type OperationSpec
} from "../../src/index.ts"

const ports: Layer.Layer<TransitionPorts | GatewayWorld> = Layer.mergeAll(
  memoryGateway,
  memoryAuditLog.pipe(Layer.provide(sequentialIds)),
  Layer.succeed(
    AgentCapacity,
    AgentCapacity.oneByOne(() =>
      Effect.succeed({ _tag: "AgentsAvailable", available: 9, of: "Queue" })
    )
  ),
  CallingWindows.always({ zones: [{ zone: "UTC", slots: [{ from: "00:00", to: "24:00" }] }] })
)

/** The engine's own time is the real one: a start that is on its way in memory lands at once. */
const hasty = Layer.succeed(HaltSettings, {
  ...defaultHaltPolicy,
  settleMs: 200,
  lookFirstMs: 50
})

const engine = layerSingle({ filename: undefined }).pipe(
  Layer.provideMerge(hasty),
  Layer.provideMerge(ports),
  Layer.provideMerge(haltServices),
  Layer.provideMerge(layerSqliteClient({ filename: ":memory:" })),
  Layer.orDie
)

const carriedOut = Effect.fnUntraced(function* (
  digit: number,
  spec: OperationSpec,
  divisionIds?: ReadonlyArray<string>
) {
  const operations = yield* Operations
  const { id } = yield* operations.submit({
    id: OperationId.make(`0198a7d2-0000-7000-8000-00000000000${digit}`),
    spec,
    requestedBy: "ada",
    source: "library",
    ...(divisionIds === undefined ? {} : { divisionIds })
  })
  return yield* Effect.map(Stream.runLast(operations.watch(id)), Option.getOrThrow)
})

const halt = (name: string): OperationSpec => ({
  _tag: "Halt",
  name,
  selector: { all: true },
  pauseReason: "COMPLIANCE",
  note: "recall",
  proofDeadlineMs: 30_000
})

const starting = (ids: ReadonlyArray<CampaignId>): OperationSpec => ({
  _tag: "Fleet",
  selector: { ids },
  change: { target: "active" },
  order: "listed",
  concurrency: 4,
  maxFailures: null
})

it.live(
  "a halt is an operation: carried on by the engine, and fleets obey its hold until it is lifted",
  () =>
    Effect.gen(function* () {
      const world = yield* GatewayWorld
      const operations = yield* Operations
      const ids = yield* Effect.forEach([1, 2, 3], (n) =>
        world.addCampaign({ name: `Sales ${n}`, state: n === 3 ? "paused" : "active" })
      )
      const halted = yield* carriedOut(1, halt("Recall"))
      expect(halted).toMatchObject({ status: "succeeded", counts: { applied: 2, failed: 0 } })
      const report = yield* Schema.decodeUnknownEffect(HaltReport)(halted.report)
      expect(report).toMatchObject({ proven: true, holding: true, selected: 3 })
      const items = yield* operations.items(halted.id, {})
      expect(items.map(({ name, stateAfter, status }) => [name, status, stateAfter])).toEqual([
        ["Sales 1", "applied", "paused"],
        ["Sales 2", "applied", "paused"]
      ])
      expect(items.every(({ auditSequence }) => auditSequence !== null)).toBe(true)

      const refused = yield* carriedOut(2, starting(ids))
      expect(refused.counts).toMatchObject({ applied: 0, rejected: 3 })
      expect(yield* Effect.flip(operations.cancel(halted.id))).toMatchObject({
        _tag: "OperationNotControllable"
      })
      yield* liftHold({ name: "Recall", liftedBy: "bob", source: "cli" })
      expect((yield* carriedOut(3, starting(ids))).counts).toMatchObject({ applied: 3 })
    }).pipe(Effect.provide(engine, { local: true }))
)

it.live("a halt of a caller who is bound to divisions reaches no further", () =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    yield* world.addCampaign({ name: "Sales 1", state: "active" })
    const halted = yield* carriedOut(1, halt("Theirs"), ["66666666-6666-4666-8666-666666666666"])
    expect(halted).toMatchObject({ status: "succeeded", counts: { applied: 0 } })
    expect(yield* world.writes).toEqual([])
  }).pipe(Effect.provide(engine, { local: true }))
)
