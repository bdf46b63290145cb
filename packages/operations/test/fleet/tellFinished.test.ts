import { MemoryLedger } from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { OperationStore } from "../../src/database/OperationStore.ts"
import { tellFinished } from "../../src/fleet/tellFinished.ts"
import { carrying } from "../support/carrying.ts"
import { OPERATION, pausing } from "../support/pausing.ts"

const finished = Effect.gen(function* () {
  const store = yield* OperationStore
  yield* store.submit(pausing({ all: true }))
  const operation = yield* store.get(OPERATION)
  const ledger = yield* MemoryLedger
  const told = Effect.map(ledger.entries, (entries) => entries.map(({ fleet }) => fleet?.status))
  return { operation, ledger, told }
})

it.effect("the end of a fleet is told once, by however many, and again where it is another", () =>
  Effect.gen(function* () {
    const { operation, told } = yield* finished
    const end = { status: "succeeded", detail: null, report: null } as const
    yield* tellFinished(operation, end)
    yield* tellFinished(operation, end)
    assert.deepStrictEqual(yield* told, ["succeeded"])
    yield* tellFinished(operation, { ...end, status: "cancelled" })
    assert.deepStrictEqual(yield* told, ["succeeded", "cancelled"])
  }).pipe(Effect.scoped, Effect.provide(carrying))
)

it.effect("the end of a fleet is told as soon as the ledger takes it", () =>
  Effect.gen(function* () {
    const { ledger, operation, told } = yield* finished
    yield* ledger.breakWith("the test broke it")
    yield* Effect.forkScoped(
      tellFinished(operation, { status: "failed", detail: null, report: null })
    )
    yield* TestClock.adjust("1 hour")
    assert.deepStrictEqual(yield* told, [])
    yield* ledger.breakWith(undefined)
    yield* TestClock.adjust("5 seconds")
    assert.deepStrictEqual(yield* told, ["failed"])
  }).pipe(Effect.scoped, Effect.provide(carrying))
)
