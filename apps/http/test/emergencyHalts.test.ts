import { GatewayWorld } from "@campaignctl/core/testing"
import { OperationId } from "@campaignctl/operations"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { assert, describe, it } from "vitest"
import { PATIENCE_MS } from "../src/halt/withinPatience.ts"
import { allThatCan, type Ask, DEADLINE_MS, run, scene } from "./support/emergencyScene.ts"

const AT_ONCE = 40
const DAY_MS = 86_400_000
/** The division of every campaign of the world in memory. */
const HOME = "44444444-4444-4444-8444-444444444444"
const add = (name = "Sales") =>
  GatewayWorld.use((world) => world.addCampaign({ name, state: "active" }))
const stops = Effect.map(
  GatewayWorld.use(({ writes }) => writes),
  (writes) => writes.length
)
const passes = (ms: number) => Effect.andThen(allThatCan, TestClock.adjust(ms))

describe("a halt that the database does not take", () => {
  it("is an operation like any other where it does take it", () =>
    run(
      Effect.gen(function* () {
        const { ask, set, submitted } = yield* scene()
        yield* set("works")
        const { document, status } = yield* ask()
        assert.deepStrictEqual([status, document.durable], [202, true])
        assert.deepStrictEqual(
          submitted.map(({ id }) => id),
          [document.id]
        )
      })
    ))

  it("begins at once where it fails, and after two seconds where it gives no answer", () =>
    run(
      Effect.gen(function* () {
        const { ask, set } = yield* scene()
        yield* add()
        yield* set("hangs")
        const asking = yield* Effect.forkChild(ask())
        yield* passes(PATIENCE_MS - 1)
        yield* allThatCan
        assert.isUndefined(asking.pollUnsafe())
        assert.strictEqual(yield* stops, 0)
        yield* passes(1)
        const { document, status } = yield* Fiber.join(asking)
        assert.deepStrictEqual([status, document.durable, document.status], [202, false, "running"])
        yield* passes(0)
        yield* allThatCan
        assert.strictEqual(yield* stops, 1)
        // Whose key could not be read either has waited already.
        assert.strictEqual((yield* ask({ name: "other", remembered: true })).status, 202)
      })
    ))

  it.each<Ask>([{}, { key: "red-button" }])(
    "runs once, however often it is asked for: %o",
    (asked) =>
      run(
        Effect.gen(function* () {
          const { ask } = yield* scene()
          yield* add()
          const all = yield* Effect.forEach(Array.from({ length: AT_ONCE }), () => ask(asked), {
            concurrency: "unbounded"
          })
          const [first] = all
          assert.deepStrictEqual(
            new Set(all.map(({ document }) => document.id)),
            new Set([first?.document.id])
          )
          yield* passes(1_000)
          assert.strictEqual(yield* stops, 1)
          assert.strictEqual((yield* ask(asked)).document.id, first?.document.id)
          assert.strictEqual(yield* stops, 1)
        })
      )
  )

  it("is joined by nobody who means something else, or may see less", () =>
    run(
      Effect.gen(function* () {
        const { ask } = yield* scene()
        const asks: ReadonlyArray<Ask> = [
          { key: "red-button" },
          { pattern: "Sales*" },
          { name: "other" },
          { divisionIds: [HOME] },
          { divisionIds: ["away"], caller: "bob" },
          // The same campaigns as of those who are bound to them, who may not see it.
          { selected: [HOME] }
        ]
        const found = yield* Effect.forEach(asks, ask)
        assert.strictEqual(new Set(found.map(({ document }) => document.id)).size, asks.length)
        const reused = yield* Effect.flip(ask({ key: "red-button", pattern: "Other*" }))
        assert.propertyVal(reused, "code", "IDEMPOTENCY_KEY_REUSED")
        // The same key of another caller is another key.
        const other = yield* ask({ key: "red-button", pattern: "Other*", caller: "bob" })
        assert.notStrictEqual(other.document.id, found[0]?.document.id)
      })
    ))

  it("is handed to the database once that is back, under the same id, where it holds nothing yet", () =>
    run(
      Effect.gen(function* () {
        const { ask, halts, set, submitted, told } = yield* scene()
        const campaign = yield* add()
        const { document } = yield* ask({ key: "red-button", divisionIds: [HOME] })
        const id = OperationId.make(document.id)
        yield* passes(DEADLINE_MS)
        yield* allThatCan
        const waits = yield* halts.get(id)
        assert.propertyVal(waits, "status", "running")
        assert.include(waits?.detail, "As soon as the database is back")
        assert.isNotNull(waits?.report)
        yield* halts.ended
        assert.deepStrictEqual([submitted.length, told.times], [0, 0])
        // The same request is told how it stands; a new one is to stop what was switched on meanwhile.
        const before = yield* stops
        assert.strictEqual(
          (yield* ask({ key: "red-button", divisionIds: [HOME] })).document.status,
          "running"
        )
        yield* GatewayWorld.use((world) => world.setState(campaign, "active"))
        yield* passes(5_000)
        assert.strictEqual(yield* stops, before)
        assert.strictEqual((yield* ask({ divisionIds: [HOME] })).document.id, id)
        yield* passes(DEADLINE_MS)
        yield* allThatCan
        assert.strictEqual(yield* stops, before + 1)
        yield* set("works")
        yield* passes(10_000)
        yield* allThatCan
        yield* passes(10_000)
        yield* allThatCan
        assert.deepStrictEqual(
          submitted.map(({ divisionIds, id }) => [id, divisionIds]),
          [[id, [HOME]]]
        )
        assert.strictEqual(told.times, 1)
        // From now on the database tells of it.
        assert.isUndefined(yield* halts.get(id))
        const after = yield* ask({ key: "red-button", divisionIds: [HOME] })
        assert.deepStrictEqual([after.document.id, after.document.durable], [id, true])
        // A key is known for a day.
        yield* TestClock.adjust(DAY_MS)
        yield* set("fails")
        const later = yield* ask({ key: "red-button", divisionIds: [HOME] })
        assert.notStrictEqual(later.document.id, id)
      })
    ))

  it("holds by itself where the database is back before it has its report", () =>
    run(
      Effect.gen(function* () {
        const { ask, halts, set, submitted, told } = yield* scene()
        yield* add()
        const { document } = yield* ask()
        const id = OperationId.make(document.id)
        yield* passes(5_000)
        yield* set("works")
        yield* passes(DEADLINE_MS)
        yield* allThatCan
        const over = yield* halts.get(id)
        assert.deepInclude(over, { status: "succeeded" })
        assert.deepInclude(over?.report, { proven: true, holding: true })
        yield* passes(5_000)
        yield* allThatCan
        assert.deepStrictEqual([submitted.length, told.times], [0, 1])
      })
    ))
})
