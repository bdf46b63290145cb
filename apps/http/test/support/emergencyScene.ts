import { MemoryLedger } from "@campaignctl/core/testing"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import {
  haltServices,
  type HaltSpec,
  OperationNotFound,
  Operations,
  OperationsUnavailable,
  type Submission
} from "@campaignctl/operations"
import { Context, Effect, Layer, References, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { EmergencyHalts, emergencyHalts } from "../../src/halt/EmergencyHalts.ts"
import { begunWithout } from "../../src/halt/emergencyOperation.ts"
import { halted } from "../../src/halt/halted.ts"
import type { Incoming } from "../../src/routes/Route.ts"
import { memoryServices } from "./memoryApp.ts"

/** How long a halt of the test looks, in milliseconds. */
export const DEADLINE_MS = 60_000
/** More turns than any chain of steps takes that waits for nothing but other fibers. */
const TURNS = 400

/** Lets every fiber come to where it waits for time. */
export const allThatCan: Effect.Effect<void> = Effect.forEach(
  Array.from({ length: TURNS }),
  () => Effect.yieldNow,
  { discard: true }
)

export type Database = "works" | "fails" | "hangs"

/** Who asks for what; `ada`, without a key, for everything that dials unless said. */
export interface Ask {
  readonly name?: string
  readonly pattern?: string
  readonly key?: string
  readonly caller?: string
  /** To which the caller is bound, and which the selector names. */
  readonly divisionIds?: ReadonlyArray<string>
  readonly selected?: ReadonlyArray<string>
  readonly remembered?: boolean
}

const incomingOf = ({ caller = "ada", divisionIds, key, remembered = false }: Ask): Incoming => ({
  caller: {
    id: caller,
    requestedBy: caller,
    scopes: new Set(),
    remembered,
    ...(divisionIds === undefined ? {} : { divisionIds })
  },
  requestId: "request",
  method: "POST",
  traceId: null,
  header: (name) => (name === "idempotency-key" ? key : undefined),
  deployment: {
    base: "",
    requireIfMatch: false,
    bodyLimit: 1_000,
    ratePerMinute: undefined,
    stopping: () => false
  }
})

const specOf = ({ name = "recall", pattern = "*", selected }: Ask): HaltSpec => ({
  _tag: "Halt",
  name,
  selector: {
    namePattern: pattern,
    ...(selected === undefined ? {} : { divisionIds: selected })
  },
  pauseReason: "COMPLIANCE",
  proofDeadlineMs: DEADLINE_MS
})

const services = haltServices.pipe(
  Layer.provide(layerSqliteClient({ filename: ":memory:" })),
  Layer.provideMerge(memoryServices)
)
export type SceneServices = Layer.Success<typeof services>

/** The halts of a service over a database that does as the test says; it fails at first. */
export const scene = Effect.fnUntraced(function* () {
  const context = yield* Effect.context<SceneServices>()
  let database: Database = "fails"
  const submitted: Array<Submission> = []
  const use = <A>(work: () => A): Effect.Effect<A, OperationsUnavailable> =>
    Effect.suspend(() => {
      if (database === "hangs") return Effect.never
      return database === "works"
        ? Effect.sync(work)
        : Effect.fail(new OperationsUnavailable({ detail: "the test has it away." }))
    })
  const operationOf = ({ id, requestedBy, spec }: Submission) => {
    if (spec._tag !== "Halt") throw new Error("only halts are submitted")
    return begunWithout(id, { spec, caller: { id: "", requestedBy, scopes: new Set() } }, "")
  }
  const operations = Operations.of({
    submit: (submission: Submission) =>
      use(() => {
        submitted.push(submission)
        return operationOf(submission)
      }),
    get: (id: Submission["id"]) =>
      Effect.flatMap(
        use(() => submitted.find((one) => one.id === id)),
        (found) =>
          found === undefined
            ? Effect.fail(new OperationNotFound({ operationId: id }))
            : Effect.succeed(operationOf(found))
      )
  } as unknown as Operations["Service"]) // a halt asks for nothing else
  const told = { times: 0 }
  const ports = Context.add(context, Operations, operations)
  const halts = yield* Layer.build(emergencyHalts(Effect.sync(() => void (told.times += 1)))).pipe(
    Effect.provideContext(ports)
  )
  const set = (to: Database) =>
    Effect.andThen(
      Effect.sync(() => void (database = to)),
      Context.get(context, MemoryLedger).breakWith(to === "works" ? undefined : "it is away.")
    )
  yield* set("fails")
  const ask = (asked: Ask = {}) =>
    halted(
      { spec: specOf(asked), fingerprint: { pattern: asked.pattern ?? "*" } },
      incomingOf(asked)
    ).pipe(
      Effect.provideContext(Context.merge(ports, halts)),
      Effect.map(({ body, headers, status }) => ({ status, headers, document: JSON.parse(body) }))
    )
  return { ask, set, submitted, told, halts: Context.get(halts, EmergencyHalts) }
})

/** Runs a test on a clock of its own. */
export const run = <A, E>(effect: Effect.Effect<A, E, SceneServices | Scope.Scope>) =>
  Effect.runPromise(
    Effect.scoped(effect).pipe(
      Effect.provide(services),
      Effect.provide(TestClock.layer()),
      Effect.provideService(References.MinimumLogLevel, "None")
    )
  )
