import { AuditLog, canonicalJson } from "@campaignctl/core"
import {
  databaseLater,
  type HaltPorts,
  HaltProgress,
  haltRequestOf,
  HoldStore,
  type Operation,
  OperationId,
  Operations,
  OperationsUnavailable,
  runHalt,
  scopeOf
} from "@campaignctl/operations"
import { Cause, Clock, Context, Deferred, Effect, Fiber, Layer, Schedule, Semaphore } from "effect"
import { v7 } from "uuid"
import { boundTo } from "../callers/Caller.ts"
import type { HaltAsked } from "./HaltAsked.ts"
import {
  begunWithout,
  endedWithout,
  goingOnWithout,
  waitsForDatabase
} from "./emergencyOperation.ts"

/** Halts that are kept, those that are over among them, for whoever asks what came of them. */
const MOST_KEPT = 100
/** Milliseconds for which a request with the same key is answered the same: a day, as with any other. */
const KEY_MS = 86_400_000
/** Milliseconds between two tries at what the database does not take. */
const AGAIN_MS = 1_000

/**
 * - `stopping`: it stops and proves
 * - `waiting`: it has its report, and no hold: it waits for the database
 * - `durable`: the database has it, as an operation of the same id
 * - `over`: it was stopped, and holds
 */
type Phase = "stopping" | "waiting" | "durable" | "over"

export interface EmergencyHalt {
  readonly operation: Operation
  readonly phase: Phase
}

interface Entry {
  operation: Operation
  phase: Phase
  /** The name, the scope, and who may see it: who asks for the same joins. */
  readonly what: string
  /** By caller and key: what was asked, and until when that is known. */
  readonly uses: Map<string, { readonly fingerprint: string; readonly until: number }>
  /** Done once the present run has its report. */
  stopped: Deferred.Deferred<void>
  fiber: Fiber.Fiber<void> | undefined
}

const nameOf = ({ caller, use }: HaltAsked): string => `${caller.id}\n${use?.key ?? ""}`
const whatOf = ({ caller, spec }: HaltAsked): string =>
  canonicalJson({
    name: spec.name,
    scope: { ...scopeOf(spec.selector, caller.divisionIds) },
    divisions: caller.divisionIds === undefined ? null : [...caller.divisionIds]
  })

/**
 * Halts that this process runs although the database cannot be used: nothing of them is durable but
 * what they have stopped, the emergency journal, and, once the database is back, their holds.
 */
export class EmergencyHalts extends Context.Service<
  EmergencyHalts,
  {
    /** The halt that such a request joins: one that it was asked for by the same key, or that runs and is the same. */
    readonly joined: (asked: HaltAsked) => Effect.Effect<EmergencyHalt | "another" | undefined>
    /** Begins to stop, unless there is one to join. */
    readonly begin: (
      asked: HaltAsked
    ) => Effect.Effect<EmergencyHalt | "another", OperationsUnavailable>
    /** One that the database does not know of. */
    readonly get: (id: OperationId) => Effect.Effect<Operation | undefined>
    /** Waits until none of them stops any more. */
    readonly ended: Effect.Effect<void>
  }
>()("@campaignctl/http/EmergencyHalts") {}

/** @param tellOverdue tells the ledger what is in the emergency journal, and of holds that it does not know of */
export const emergencyHalts = <E extends { readonly message: string }>(
  tellOverdue: Effect.Effect<void, E, AuditLog | HoldStore>
): Layer.Layer<EmergencyHalts, never, HaltPorts | Operations> =>
  Layer.effect(
    EmergencyHalts,
    Effect.gen(function* () {
      const ports = yield* Effect.context<HaltPorts>()
      const operations = yield* Operations
      const scope = yield* Effect.scope
      const tellingOne = yield* Semaphore.make(1)
      const entries = new Map<OperationId, Entry>()

      /** Refuses at once, until the ledger can be written again. */
      const later = Effect.suspend(() =>
        Layer.build(
          databaseLater(
            Layer.effectContext(
              Effect.as(
                Context.get(ports, AuditLog).writable,
                Context.pick(AuditLog, HoldStore)(ports)
              )
            )
          )
        )
      )

      const untilDone = <A, E extends { readonly message: string }>(effect: Effect.Effect<A, E>) =>
        Effect.retry(effect, { schedule: Schedule.spaced(AGAIN_MS) }).pipe(Effect.ignore)

      const stop = Effect.fnUntraced(function* (
        entry: Entry,
        { caller, spec }: HaltAsked,
        database: Context.Context<AuditLog | HoldStore>
      ) {
        const { id, requestedBy } = entry.operation
        const report = yield* runHalt(
          haltRequestOf(spec, { requestedBy, source: "http", requestId: id, ...boundTo(caller) })
        ).pipe(
          Effect.provideService(HaltProgress, {
            report: (snapshot) =>
              Effect.sync(() => void (entry.operation = goingOnWithout(entry.operation, snapshot)))
          }),
          Effect.provideContext(database),
          Effect.provideContext(ports),
          Effect.onInterrupt(() =>
            Effect.logError(
              `Halt “${spec.name}” ends with this process, before it was proven: halt again, or look at the campaigns in Genesys.`,
              { operationId: id }
            )
          )
        )
        const finishedAt = new Date(yield* Clock.currentTimeMillis).toISOString()
        entry.phase = report.holding ? "over" : "waiting"
        entry.operation = report.holding
          ? endedWithout(entry.operation, report, finishedAt)
          : waitsForDatabase(entry.operation, report)
        yield* Effect.logWarning(
          `Halt “${spec.name}”, which was begun without the database, has its report.`,
          { operationId: id, report }
        )
      })

      /** Stops; and once there is a database again, has it carry on what holds nothing yet, and tells the ledger. */
      const carry = (entry: Entry, asked: HaltAsked) =>
        Effect.gen(function* () {
          const database = yield* later
          yield* stop(entry, asked, database).pipe(
            // By a defect it has no report: who asks for it again begins it again.
            Effect.ensuring(
              Effect.sync(() => {
                if (entry.phase === "stopping") entry.phase = "waiting"
              })
            ),
            Effect.ensuring(Deferred.succeed(entry.stopped, undefined))
          )
          yield* untilDone(Context.get(database, HoldStore).list({ limit: 1 }))
          if (entry.phase === "waiting") {
            const { id, requestedBy, spec } = entry.operation
            yield* untilDone(
              operations.submit({
                id,
                spec,
                requestedBy,
                source: "http",
                ...boundTo(asked.caller)
              })
            )
            entry.phase = "durable"
          }
          yield* untilDone(tellingOne.withPermit(tellOverdue).pipe(Effect.provideContext(ports)))
        }).pipe(
          Effect.scoped,
          Effect.tapCause((cause) =>
            Cause.hasInterruptsOnly(cause)
              ? Effect.void
              : Effect.logError("A halt failed by a defect.", Cause.pretty(cause))
          )
        )

      const run = (entry: Entry, asked: HaltAsked) =>
        Effect.gen(function* () {
          yield* Effect.logWarning(
            `The database cannot be used: halt “${asked.spec.name}” goes on without it, in this process alone.`,
            { operationId: entry.operation.id, requestedBy: asked.caller.requestedBy }
          )
          entry.fiber = yield* Effect.forkIn(carry(entry, asked), scope)
        })

      const note = ({ uses }: Entry, asked: HaltAsked, now: number): void => {
        const { use } = asked
        if (use === undefined) return
        uses.set(nameOf(asked), { fingerprint: use.fingerprint, until: now + KEY_MS })
      }

      const joined = (asked: HaltAsked, now: number): Entry | "another" | undefined => {
        if (asked.use !== undefined)
          for (const entry of entries.values()) {
            const use = entry.uses.get(nameOf(asked))
            if (use !== undefined && now < use.until)
              return use.fingerprint === asked.use.fingerprint ? entry : "another"
          }
        const what = whatOf(asked)
        const same = [...entries.values()].find(
          (entry) => entry.phase === "stopping" && entry.what === what
        )
        if (same !== undefined) note(same, asked, now)
        return same
      }

      /** Makes place for one more, where there is something that is over. */
      const hasPlace = (): boolean => {
        if (entries.size < MOST_KEPT) return true
        for (const [id, { phase }] of entries)
          if (phase === "over" || phase === "durable") return entries.delete(id)
        return false
      }

      const made = (asked: HaltAsked, now: string): Entry => {
        const entry: Entry = {
          operation: begunWithout(OperationId.make(v7()), asked, now),
          phase: "stopping",
          what: whatOf(asked),
          uses: new Map(),
          stopped: Deferred.makeUnsafe(),
          fiber: undefined
        }
        entries.set(entry.operation.id, entry)
        return entry
      }

      /** One that waits for the database holds nothing: who asks for it again wants to have it stopped again. */
      const stopAgain = Effect.fnUntraced(function* (entry: Entry) {
        if (entry.fiber !== undefined) yield* Effect.forkDetach(Fiber.interrupt(entry.fiber))
        entry.phase = "stopping"
        entry.stopped = Deferred.makeUnsafe()
      })

      return EmergencyHalts.of({
        joined: (asked) => Effect.map(Clock.currentTimeMillis, (now) => joined(asked, now)),
        begin: Effect.fnUntraced(function* (asked) {
          const now = yield* Clock.currentTimeMillis
          // From here to the entry's place among the others nothing is waited for.
          const same = joined(asked, now)
          if (same !== undefined) return same
          const what = whatOf(asked)
          const waiting = [...entries.values()].find(
            (entry) => entry.phase === "waiting" && entry.what === what
          )
          if (waiting === undefined && !hasPlace())
            return yield* new OperationsUnavailable({
              detail: `this process runs ${MOST_KEPT} halts without its database already.`
            })
          const entry = waiting ?? made(asked, new Date(now).toISOString())
          note(entry, asked, now)
          if (waiting !== undefined) yield* stopAgain(waiting)
          yield* run(entry, asked)
          return entry
        }, Effect.uninterruptible),
        get: (id) =>
          Effect.sync(() => {
            const entry = entries.get(id)
            return entry === undefined || entry.phase === "durable" ? undefined : entry.operation
          }),
        ended: Effect.suspend(() =>
          Effect.forEach(
            [...entries.values()].filter(({ phase }) => phase === "stopping"),
            ({ stopped }) => Deferred.await(stopped),
            { discard: true }
          )
        )
      })
    })
  )
