import type { TransitionPorts } from "@campaignctl/core"
import { Clock, Effect, Equal, Layer, Schedule, Stream } from "effect"
import type { SqlClient } from "effect/sql"
import { WorkflowEngine } from "effect/workflow"
import { OperationStore } from "../database/OperationStore.ts"
import { OperationNotControllable, OperationsUnavailable } from "../domain/errors.ts"
import { isOver, type Operation, type OperationId } from "../domain/Operation.ts"
import { plan } from "../fleet/plan.ts"
import { type ControlError, Operations } from "../ports/Operations.ts"
import { bodies } from "./bodies.ts"
import { begin } from "./workflows.ts"

/** Milliseconds between looks at an operation that is watched: a person sees it move. */
const WATCH_MS = 250

type Steering = "pause" | "resume" | "cancel"

const ASKED: Readonly<Record<Steering, string>> = {
  pause: "paused",
  resume: "resumed",
  cancel: "cancelled"
}

/** Why an operation cannot be steered so, or undefined where it can. */
const whyNot = (operation: Operation, steering: Steering): string | undefined => {
  if (isOver(operation.status)) return `it is over: ${operation.status}.`
  const body = bodies[operation.spec._tag]
  const may = (steering === "cancel" ? body?.cancellable : body?.pausable) ?? true
  return may === true ? undefined : may
}

/** The port over the tables; `beginNow` has what was submitted begun at once, where this process can. */
const make = Effect.fnUntraced(function* (beginNow: (operation: Operation) => Effect.Effect<void>) {
  const store = yield* OperationStore
  const ports = yield* Effect.context<TransitionPorts>()

  const steer = Effect.fnUntraced(function* (
    id: OperationId,
    steering: Steering
  ): Effect.fn.Return<Operation, ControlError> {
    const refused = (operation: Operation, why: string) =>
      new OperationNotControllable({ operationId: operation.id, asked: ASKED[steering], why })
    const before = yield* store.get(id)
    const why = whyNot(before, steering)
    if (why !== undefined) return yield* refused(before, why)
    const done = yield* store.steer(id, steering)
    const after = yield* store.get(id)
    // It ended between the look and the write.
    return done ? after : yield* refused(after, `it is over: ${after.status}.`)
  })

  return Operations.of({
    plan: (query) => Stream.provideContext(plan(query), ports),
    submit: Effect.fnUntraced(function* (submission) {
      if (bodies[submission.spec._tag] === undefined)
        return yield* new OperationsUnavailable({
          detail: `this version carries on no operations of the kind ${submission.spec._tag}.`
        })
      const operation = yield* store.submit(submission)
      if (operation.startedAt === null && !isOver(operation.status)) yield* beginNow(operation)
      return operation
    }),
    get: store.get,
    list: store.list,
    items: store.items,
    watch: (id) =>
      Stream.fromEffectSchedule(store.get(id), Schedule.spaced(WATCH_MS)).pipe(
        Stream.changesWith((one, next) => Equal.equals(one, next)),
        Stream.takeUntil(({ status }) => isOver(status))
      ),
    pause: (id) => steer(id, "pause"),
    resume: (id) => steer(id, "resume"),
    cancel: (id) => steer(id, "cancel")
  })
})

/** The port on the tables and the engine of this process. */
export const layerOperations: Layer.Layer<
  Operations,
  never,
  OperationStore | WorkflowEngine.WorkflowEngine | TransitionPorts
> = Layer.effect(
  Operations,
  Effect.flatMap(WorkflowEngine.WorkflowEngine, (engine) =>
    make(({ id, spec }) =>
      Effect.provideService(begin(id, spec._tag), WorkflowEngine.WorkflowEngine, engine)
    )
  )
)

/**
 * The port for a process that carries nothing on itself: what it submits is begun within seconds by
 * one that does, and waits for it where there is none.
 */
export const layerSubmitting: Layer.Layer<
  Operations,
  OperationsUnavailable,
  SqlClient.SqlClient | TransitionPorts
> = Layer.effect(
  Operations,
  make(() => Effect.void)
).pipe(Layer.provide(OperationStore.layer))

/** Milliseconds after which an operation that nobody has begun is begun by whoever finds it. */
const FORGOTTEN_MS = 500
/** Milliseconds between looks for such operations: whoever submits without an engine waits for it. */
const LOOK_MS = 1_000

/**
 * Begins what was submitted and not begun, because its submitter has no engine or was killed in between.
 * Every process may do so: an execution is made once.
 */
export const beginForgotten: Effect.Effect<
  never,
  never,
  OperationStore | WorkflowEngine.WorkflowEngine
> = Effect.gen(function* () {
  const store = yield* OperationStore
  const now = yield* Clock.currentTimeMillis
  const forgotten = yield* store.neverBegun(new Date(now - FORGOTTEN_MS).toISOString())
  yield* Effect.forEach(forgotten, ({ id, kind }) => begin(id, kind), { discard: true })
}).pipe(
  Effect.catch(({ message }) => Effect.logWarning(message)),
  Effect.andThen(Effect.sleep(LOOK_MS)),
  Effect.forever
)
