import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { OperationStore } from "../../src/database/OperationStore.ts"
import { carryOn } from "../../src/engine/carryOn.ts"
import { haltServices, type Operation, type OperationSpec, Transitions } from "../../src/index.ts"
import { memoryPorts, memorySql } from "./memoryPorts.ts"
import { OPERATION } from "./pausing.ts"

/** Everything that carrying an operation on needs, on a test clock. */
export const carryingOn = (ports: typeof memoryPorts) =>
  Transitions.layerDirect.pipe(
    Layer.provideMerge(OperationStore.layer),
    Layer.provideMerge(haltServices),
    Layer.provideMerge(memorySql),
    Layer.provideMerge(ports),
    Layer.provideMerge(TestClock.layer())
  )

/** The same, with everything in memory. */
export const carrying = carryingOn(memoryPorts)

/** Submits an operation, and carries it on in the background. */
export const begun = Effect.fnUntraced(function* (
  spec: OperationSpec,
  divisionIds?: ReadonlyArray<string>
) {
  const store = yield* OperationStore
  yield* store.submit({
    id: OPERATION,
    spec,
    requestedBy: "ada",
    source: "library",
    ...(divisionIds === undefined ? {} : { divisionIds })
  })
  yield* Effect.forkScoped(carryOn(OPERATION, "a test"))
  yield* TestClock.adjust(0)
  return store.get(OPERATION) satisfies Effect.Effect<Operation, unknown>
})
