import { CampaignGateway, type CampaignId, seenState } from "@campaignctl/core"
import { GatewayWorld, MemoryLedger, type WorldState } from "@campaignctl/core/testing"
import { Effect, Fiber, Layer, References, Stream } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { assert, describe, inject, it } from "vitest"
import { OperationStore } from "../../src/database/OperationStore.ts"
import { carryOn } from "../../src/engine/carryOn.ts"
import {
  type FleetSpec,
  haltServices,
  isOver,
  type Operation,
  OperationId,
  Transitions
} from "../../src/index.ts"
import { gatewayOf, makeProcess, type Process } from "../support/liveGateway.ts"
import { memoryPorts, memorySql } from "../support/memoryPorts.ts"
import { testSeed } from "../support/random.ts"

const id = OperationId.make("0198a7d2-0000-7000-8000-000000000001")

/** What happens to a fleet at some time. */
type Event =
  | { readonly _tag: "pause" | "resume" | "cancel" }
  /** The process is killed, with those that stall; another takes its work up. */
  | { readonly _tag: "kill" }
  /** The process stalls, another takes its work up, and the first comes back. */
  | { readonly _tag: "stall"; readonly forMs: number }
  /** Somebody else changes a campaign. */
  | { readonly _tag: "other"; readonly campaign: number; readonly state: WorldState }

const states: ReadonlyArray<WorldState> = ["active", "paused", "completed", "invalid"]

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.constantFrom<Event>(
    { _tag: "pause" },
    { _tag: "resume" },
    { _tag: "cancel" },
    { _tag: "kill" },
    { _tag: "kill" }
  ),
  fc.record({
    _tag: fc.constant("stall" as const),
    forMs: fc.integer({ min: 1, max: 2_000 })
  }),
  fc.record({
    _tag: fc.constant("other" as const),
    campaign: fc.nat(40),
    state: fc.constantFrom(...states)
  })
)

const history = fc.record({
  campaigns: fc.array(
    fc.record({ state: fc.constantFrom(...states), calls: fc.constantFrom(0, 0, 2) }),
    { minLength: 1, maxLength: 30 }
  ),
  target: fc.constantFrom("paused" as const, "active" as const),
  concurrency: fc.integer({ min: 1, max: 5 }),
  maxFailures: fc.option(fc.nat(3)),
  drains: fc.boolean(),
  events: fc.array(fc.record({ afterMs: fc.integer({ min: 0, max: 400 }), event }), {
    maxLength: 6
  })
})
type History = typeof history extends fc.Arbitrary<infer A> ? A : never

const specOf = ({ concurrency, drains, maxFailures, target }: History): FleetSpec => ({
  _tag: "Fleet",
  selector: { all: true },
  change:
    target === "paused"
      ? { target, pauseReason: "OTHER" }
      : { target, overrides: [{ guard: "capacity", note: "the model has no agents" }] },
  order: "listed",
  concurrency,
  maxFailures,
  ...(drains ? { drainDeadlineMs: 5_000 } : {})
})

/** Longest time, in milliseconds of the test's clock, for what is left to end, waits for stalls included. */
const PATIENCE_MS = 600_000
const STEP_MS = 1_000

const play = Effect.fnUntraced(function* (given: History) {
  const world = yield* GatewayWorld
  const ledger = yield* MemoryLedger
  const store = yield* OperationStore
  const ids: Array<CampaignId> = []
  for (const [index, campaign] of given.campaigns.entries())
    ids.push(yield* world.addCampaign({ name: `Campaign ${index}`, ...campaign }))
  yield* store.submit({ id, spec: specOf(given), requestedBy: "ada", source: "library" })

  const processes: Array<Process> = []
  const fibers: Array<Fiber.Fiber<void>> = []
  const start = Effect.gen(function* () {
    const process = makeProcess()
    processes.push(process)
    const ports = Transitions.layerDirect.pipe(Layer.provideMerge(gatewayOf(process)))
    const work = Effect.provide(carryOn(id, `process ${processes.length}`), ports)
    fibers.push(yield* Effect.forkDetach(work))
    return process
  })
  let current = yield* start
  let cancelledAt: number | undefined
  let humans = 0
  for (const { afterMs, event } of given.events) {
    yield* TestClock.adjust(afterMs)
    switch (event._tag) {
      case "pause":
      case "resume":
        yield* store.steer(id, event._tag)
        break
      case "cancel":
        yield* store.steer(id, "cancel")
        cancelledAt ??= (yield* world.writes).length + current.inFlight
        break
      case "kill":
        // Those that stall are killed with it: the ledger takes all that wrote before for dead.
        for (const process of processes) {
          process.killed = true
          process.runs.closeUnsafe()
        }
        yield* ledger.crash
        current = yield* start
        break
      case "stall": {
        const stalled = current
        stalled.runs.closeUnsafe()
        // It may be settling what one before it had begun, and then does it.
        const { running } = (yield* store.get(id)).counts
        stalled.mayHaveBegun = stalled.begun - stalled.inFlight + running
        current = yield* start
        const comesBack = Effect.suspend(() => (stalled.killed ? Effect.void : stalled.runs.open))
        yield* Effect.forkDetach(Effect.delay(comesBack, event.forMs))
        break
      }
      case "other": {
        const campaign = ids[event.campaign]
        if (campaign === undefined) break
        humans += 1
        yield* world.setState(campaign, event.state)
      }
    }
  }
  yield* store.steer(id, "resume")
  let operation = yield* store.get(id)
  for (let waited = 0; !isOver(operation.status) && waited < PATIENCE_MS; waited += STEP_MS) {
    yield* TestClock.adjust(STEP_MS)
    operation = yield* store.get(id)
  }
  // Nobody is left behind to reach for a database that is closed.
  for (const fiber of fibers) yield* Effect.forkDetach(Fiber.interrupt(fiber))
  yield* TestClock.adjust(PATIENCE_MS)
  return { operation, processes, ids, humans, cancelledAt }
})

type Played = Effect.Success<ReturnType<typeof play>>

const check = Effect.fnUntraced(function* (given: History, played: Played) {
  const { humans, ids, operation, processes } = played
  const store = yield* OperationStore
  const world = yield* GatewayWorld
  assert.isTrue(isOver(operation.status), `it did not end: ${JSON.stringify(operation.counts)}`)
  const { alreadyThere, applied, draining, failed, pending, rejected, running, skipped, unknown } =
    operation.counts
  assert.strictEqual(
    applied + alreadyThere + failed + rejected + skipped + unknown,
    ids.length,
    "every campaign has an end"
  )
  assert.strictEqual(pending + running + draining, 0)
  checkStatus(operation)
  yield* checkTold(operation, processes.length)
  for (const { mostInFlight } of processes)
    assert.isAtMost(mostInFlight, given.concurrency, "more at once than allowed")
  if (given.maxFailures !== null)
    assert.isAtMost(
      failed + rejected + unknown,
      given.maxFailures + given.concurrency * processes.length,
      "it went on past its failures"
    )
  const writes = Map.groupBy(yield* world.writes, ({ campaignId }) => campaignId)
  const items = yield* store.items(id, { limit: 1_000 })
  for (const item of items) {
    const times = writes.get(item.campaignId)?.length ?? 0
    if (humans === 0) assert.isAtMost(times, 1, "a campaign was written to twice")
    if (item.status === "applied" && humans === 0) assert.strictEqual(times, 1)
    if (item.status === "already-there" || item.status === "rejected" || item.status === "skipped")
      if (humans === 0) assert.strictEqual(times, 0, `${item.status}, and yet written to`)
  }
  if (humans === 0) yield* checkWorld(given, items)
  if (played.cancelledAt !== undefined && processes.length === 1)
    assert.isAtMost(
      (yield* world.writes).length,
      played.cancelledAt,
      "it went on after it was cancelled"
    )
  for (const { begun, mayHaveBegun } of processes)
    if (mayHaveBegun !== undefined && humans === 0)
      assert.isAtMost(begun, mayHaveBegun, "it went on after another took over")
})

const checkStatus = ({ counts, detail, status }: Operation) => {
  const good = counts.applied + counts.alreadyThere
  const bad = counts.failed + counts.rejected + counts.unknown + counts.skipped
  if (status === "succeeded") assert.strictEqual(bad, 0)
  if (status === "partial") assert.isTrue(good > 0 && bad > 0)
  if (status === "failed") assert.isTrue(good === 0 && bad > 0)
  if (counts.skipped > 0) assert.isNotNull(detail)
}

/** The ledger tells of its end as it was; a process that is killed may leave another end to be told. */
const checkTold = Effect.fnUntraced(function* ({ counts, status }: Operation, processes: number) {
  const told = (yield* (yield* MemoryLedger).entries).filter(
    ({ kind }) => kind === "fleet-finished"
  )
  assert.isAtLeast(told.length, 1)
  assert.isAtMost(told.length, processes)
  for (const entry of told) assert.strictEqual(entry.requestId, id)
  for (const [place, entry] of told.entries())
    assert.notDeepEqual(entry.fleet, told[place - 1]?.fleet, "it is told once how it ended")
  const fleet = told.at(-1)?.fleet
  assert.strictEqual(fleet?.status, status)
  assert.deepStrictEqual(fleet?.campaigns, { ...counts })
})

/** What the items say is what the world shows. */
const checkWorld = Effect.fnUntraced(function* (
  { target }: History,
  items: ReadonlyArray<{ readonly campaignId: CampaignId; readonly status: string }>
) {
  const gateway = yield* CampaignGateway
  const shown = (yield* Stream.runCollect(gateway.list({}))).flatMap(({ campaigns }) => campaigns)
  const stateOf = new Map(shown.map((campaign) => [campaign.id, seenState(campaign.status)]))
  for (const { campaignId, status } of items)
    if (status === "applied" || status === "already-there")
      assert.include(
        target === "active" ? ["active"] : ["paused", "draining"],
        stateOf.get(campaignId)
      )
})

describe("a fleet", () => {
  it("keeps its promises whatever is asked of it and whoever carries it on", async () => {
    const seed = testSeed()
    const runs = 150 * inject("scale")
    await fc.assert(
      fc.asyncProperty(history, (given) =>
        Effect.runPromise(
          Effect.flatMap(play(given), (played) => check(given, played)).pipe(
            // That another process took over is what most histories are about.
            Effect.provideService(References.MinimumLogLevel, "Error"),
            Effect.provide(
              OperationStore.layer.pipe(
                Layer.provideMerge(haltServices),
                Layer.provideMerge(memorySql),
                Layer.provideMerge(memoryPorts),
                Layer.provideMerge(TestClock.layer())
              )
            )
          )
        )
      ),
      { seed, numRuns: runs }
    )
    console.log(`fleet model: ${runs} histories, seed ${seed}`)
  })
})
