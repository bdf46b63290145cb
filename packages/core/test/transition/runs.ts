import { Effect, Exit, type ManagedRuntime, Random, Result } from "effect"
import { TestClock } from "effect/testing"
import {
  type AuditLog,
  defaultRetryPolicy,
  transition,
  type TransitionError,
  type TransitionRequest,
  type TransitionResult
} from "../../src/index.ts"
import type { MemoryLedger } from "../../src/testing/index.ts"
import { Broken, CAMPAIGN, portsOf, Probe, type Stop } from "./probe.ts"
import { type Fault, type Status, type World, worldShows } from "./world.ts"

/** The system under test and the world that it acts on. */
export interface Real {
  readonly world: World
  readonly runtime: ManagedRuntime.ManagedRuntime<AuditLog | MemoryLedger, never>
  runs: number
}

/** What one run is asked, and what happens to it. */
export interface Ask {
  readonly request: Pick<TransitionRequest, "target" | "pauseReason" | "overrides" | "restart">
  readonly script: ReadonlyArray<Fault>
  readonly capacityFails: boolean
  readonly seed: number
}

const STEP_MS = 20_000
const ALLOWED_WRITES = 1 + defaultRetryPolicy.maxRetries

export const start = Effect.fnUntraced(function* (real: Real, ask: Ask, stop?: Stop) {
  real.runs += 1
  const request: TransitionRequest = {
    ...ask.request,
    campaignId: CAMPAIGN,
    requestedBy: `run ${real.runs}`,
    source: "library"
  }
  const probe = new Probe(real.world, request, ask.script, stop)
  const fiber = yield* transition(request).pipe(
    Random.withSeed(ask.seed),
    Effect.provide(portsOf(probe, ask.capacityFails)),
    Effect.forkDetach
  )
  return { fiber, probe }
})

export type Started = Effect.Success<ReturnType<typeof start>>

/** Moves time until the run ends or reaches its stop. A run must end within its deadline. */
export const drive = Effect.fnUntraced(function* ({ fiber, probe }: Started) {
  for (let elapsed = 0; elapsed <= defaultRetryPolicy.deadlineMs + STEP_MS; elapsed += STEP_MS) {
    yield* TestClock.adjust(0)
    const exit = fiber.pollUnsafe()
    if (exit !== undefined) return exit
    if (probe.reachedStop) return undefined
    yield* TestClock.adjust(STEP_MS)
  }
  const exit = fiber.pollUnsafe()
  return exit ?? (yield* Effect.die(new Broken("a run did not end within its deadline")))
})

/** What must hold of every run that ended, whatever happened to it. */
export const checkEnd = (
  { probe }: Started,
  exit: Exit.Exit<TransitionResult, TransitionError>,
  alone: boolean
): void => {
  if (probe.writes > ALLOWED_WRITES) throw new Broken(`${probe.writes} writes were sent`)
  const outcome = Exit.isSuccess(exit) ? Result.succeed(exit.value) : failureOf(exit)
  const { requestedBy, target } = probe.request
  if (Result.isFailure(outcome)) {
    if (outcome.failure._tag !== "OutcomeUnknown" && probe.world.mayLand(requestedBy))
      throw new Broken(`${outcome.failure._tag} was reported, and the change can still land`)
    return
  }
  if (alone && !worldShows(probe.world.status, target))
    throw new Broken(`success was reported for ${target}, and Genesys shows ${probe.world.status}`)
  // The probe keeps a status of the model as text.
  if (!worldShows(probe.lastShown as Status, target))
    throw new Broken(
      `success was reported for ${target}, and the last reply showed ${probe.lastShown}`
    )
}

/** A typed error is a fair end; a defect is the rule or the program that broke. */
const failureOf = (exit: Exit.Failure<TransitionResult, TransitionError>) => {
  const error = Exit.findError(exit)
  if (Result.isSuccess(error)) return Result.fail(error.success)
  throw new Broken(`a run died: ${String(exit.cause)}`)
}
