import { createHash } from "node:crypto"
import {
  afterReplies,
  afterUnused,
  type BudgetClass,
  type BudgetPolicy,
  type BudgetSeen,
  type BudgetStore,
  countsAtLongest,
  countsUntil,
  defaultBudgetPolicy,
  Ids,
  keptOf,
  linesOf,
  makeRequestBudget,
  monotonicMs,
  type Over,
  permitsFor,
  playTurn,
  RequestBudget,
  seenOf,
  type Turn,
  type Wait,
  type Waiting
} from "@campaignctl/core"
import { Cause, Effect, Exit, Fiber, Layer, type Scope } from "effect"
import type { SqlClient } from "effect/sql"
import { openTables } from "../database/openTables.ts"
import { orUnavailable } from "../database/unavailable.ts"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { type BudgetClock, budgetTables } from "./budgetTables.ts"
import { type GivenAlone, HaltShare } from "./HaltShare.ts"
import { BUDGET_MIGRATIONS_TABLE, budgetMigrations } from "./migrations.ts"

/** Milliseconds that a turn may take; a local one takes a few, one over a network tens. */
const TURN_MS = 2_000
/** Milliseconds until a database that could not be reached is tried again. */
const TRY_AGAIN_MS = 500
/** Milliseconds for which one that twice gave no answer at all is left alone: halts would wait for each of its turns. */
const REST_MS = 5_000
/** Milliseconds for which what is over is gathered while nobody waits. */
const LATER_MS = 100

/** Whose budget it is, and how it is kept. */
export interface SqlBudgetOptions {
  readonly clientId: string
  /** The address of the API, whose host grants the budget. */
  readonly apiUrl: string
  readonly policy?: BudgetPolicy
  /** The database's clock unless told otherwise; one of several processes' own clocks may go wrong. */
  readonly clock?: BudgetClock
}

/** The budget's name in the database: a digest, because a client's id is nobody else's business. */
export const budgetIdOf = ({ apiUrl, clientId }: SqlBudgetOptions): string =>
  createHash("sha256")
    .update(JSON.stringify([clientId, new URL(apiUrl).host]))
    .digest("hex")

/** A permit that is over, by this process's clock. */
interface OverAt extends Omit<Over, "agoMs"> {
  readonly at: number
}

/** Counts the permits of every process on one database. */
const makeSqlBudgetStore = Effect.fnUntraced(function* (
  options: SqlBudgetOptions
): Effect.fn.Return<BudgetStore, OperationsUnavailable, SqlClient.SqlClient | Ids | Scope.Scope> {
  const policy = options.policy ?? defaultBudgetPolicy
  const process = yield* Ids.use((ids) => ids.next)
  yield* openTables(BUDGET_MIGRATIONS_TABLE, budgetMigrations)
  const tables = yield* budgetTables(
    budgetIdOf(options),
    process,
    policy,
    options.clock ?? "database"
  )
  yield* orUnavailable(tables.open)
  const scope = yield* Effect.scope
  const halts = new HaltShare(policy)
  let made = 0
  let isReachable = true
  let toldWaiting = false
  let seen: BudgetSeen | undefined
  /** What the database has not been told of yet. */
  let untold: ReadonlyArray<OverAt> = []
  /** A turn that took too long, and may yet end. */
  let late: Fiber.Fiber<unknown, unknown> | undefined
  let unanswered = 0
  let restsUntil = 0

  const makeId = (): string => {
    made += 1
    return `${process}-${made}`
  }

  /** One turn in one transaction. The ids of what it gives are written down, in case that it fails at its end. */
  const play = Effect.fnUntraced(function* (
    waiting: ReadonlyArray<Waiting>,
    over: ReadonlyArray<Over>,
    alone: ReadonlyArray<GivenAlone>,
    ids: Array<string>
  ) {
    const began = yield* monotonicMs
    const { law: before, now } = yield* tables.begin
    const unused = yield* tables.drop(over.flatMap((one) => (one.unused ? [one.id] : [])))
    yield* tables.put(
      alone.map(({ at, id, longestMs }) => ({
        id,
        countsUntil: countsAtLongest(policy, now - (began - at), longestMs)
      }))
    )
    // Without a limit no permit is written down.
    if (before.allowed !== "unlimited")
      yield* tables.put(
        over.flatMap(({ agoMs, id, unused: isUnused }) =>
          isUnused ? [] : [{ id, countsUntil: countsUntil(policy, now, agoMs) }]
        )
      )
    const { held, processes } = yield* tables.held(now)
    const heard = over.flatMap((one) =>
      one.heard === undefined ? [] : [{ agoMs: one.agoMs, heard: one.heard }]
    )
    const law = afterReplies(policy, afterUnused(before, unused), heard, held.unfinished, now)
    const own = linesOf(waiting)
    const lines = [...own, ...(yield* tables.othersWaiting(now))]
    const played = playTurn(policy, law, held, lines, now)
    const places = permitsFor(waiting, lines, played.granted)
    const granted = places.map((place) => ({ place, id: makeId() }))
    ids.push(...granted.map(({ id }) => id))
    if (law.allowed !== "unlimited")
      yield* tables.put(
        granted.map(({ id, place }) => ({
          id,
          countsUntil: countsAtLongest(policy, now, waiting[place]?.longestMs ?? 0)
        }))
      )
    const given = new Set(places)
    const left = linesOf(waiting.filter((one, place) => !given.has(place) && !one.atOnce))
    if (toldWaiting || left.length > 0) yield* tables.tellWaiting(left, now)
    yield* tables.keep(played.law)
    const turn: Turn = {
      granted,
      waits: played.waits,
      againInMs: played.againInMs,
      seen: seenOf(policy, law, held.active + granted.length, now)
    }
    return { turn, processes, waits: left.length > 0, allowed: law.allowed }
  })

  const alone = (waiting: ReadonlyArray<Waiting>, now: number): Turn => ({
    granted: halts.give(waiting, now, makeId),
    waits: UNREACHABLE,
    againInMs: TRY_AGAIN_MS,
    seen
  })

  const tellReach = (reached: boolean): Effect.Effect<void> => {
    if (reached === isReachable) return Effect.void
    isReachable = reached
    return reached
      ? Effect.logInfo("The database of the request budget answers again.")
      : Effect.logWarning(
          "The database of the request budget cannot be reached: halts go on by what Genesys' replies grant, everything else waits."
        )
  }

  const turn = Effect.fnUntraced(function* (
    waiting: ReadonlyArray<Waiting>,
    over: ReadonlyArray<Over>
  ): Effect.fn.Return<Turn> {
    const now = yield* monotonicMs
    for (const one of over) halts.over(one, now)
    const all = [...untold, ...over.map(({ agoMs, ...one }) => ({ ...one, at: now - agoMs }))]
    untold = all
    const isLate = late !== undefined && late.pollUnsafe() === undefined
    if (isLate || now < restsUntil) return alone(waiting, now)
    late = undefined
    const ids: Array<string> = []
    const back = all.map(({ at, ...one }) => ({ ...one, agoMs: now - at }))
    const givenAlone = halts.untold()
    const playing = yield* Effect.forkIn(
      Effect.interruptible(
        Effect.withTracerEnabled(
          tables.sql.withTransaction(play(waiting, back, givenAlone, ids)),
          false
        )
      ),
      scope
    )
    const exit = yield* Effect.timeoutOption(Effect.interruptible(Fiber.await(playing)), TURN_MS)
    const later = yield* monotonicMs
    if (exit._tag === "Some" && Exit.isSuccess(exit.value) && later - now <= 2 * TURN_MS) {
      const done = exit.value.value
      unanswered = 0
      untold = untold.slice(all.length)
      halts.told(givenAlone)
      toldWaiting = done.waits
      seen = done.turn.seen
      if (typeof done.allowed === "number")
        halts.learn(keptOf(policy, done.allowed), done.processes)
      for (const { id, place } of done.turn.granted)
        if (waiting[place]?.class === "halt") halts.given(id, later, waiting[place].longestMs)
      yield* tellReach(true)
      return done.turn
    }
    // What it may have given was not received: nothing is sent under it.
    untold = [...untold, ...ids.map((id) => ({ id, unused: true, at: later }))]
    if (exit._tag === "None") {
      late = playing
      unanswered += 1
      if (unanswered > 1) restsUntil = later + REST_MS
      yield* Effect.forkIn(
        Effect.andThen(
          Fiber.interrupt(playing),
          Effect.sync(() => {
            // Made after the time was over.
            const known = new Set(untold.map(({ id }) => id))
            untold = [
              ...untold,
              ...ids.flatMap((id) => (known.has(id) ? [] : [{ id, unused: true, at: later }]))
            ]
          })
        ),
        scope
      )
    }
    // A process that ends interrupts its turn: that says nothing of the database.
    const ends =
      exit._tag === "Some" &&
      Exit.isFailure(exit.value) &&
      Cause.hasInterruptsOnly(exit.value.cause)
    if (!ends) yield* tellReach(false)
    return alone(waiting, later)
  })

  return { policy, turn, laterMs: LATER_MS }
})

const UNREACHED: Wait = { ms: TRY_AGAIN_MS, reason: "unreachable" }
const UNREACHABLE: Readonly<Record<BudgetClass, Wait>> = {
  halt: UNREACHED,
  operator: UNREACHED,
  guard: UNREACHED,
  fleet: UNREACHED,
  schedule: UNREACHED
}

/**
 * The budget of one OAuth client, shared by every process on one database.
 *
 * All of them together stay under what the headers allow; a halt that waits in one holds back the
 * others. Each grant is one short transaction by the database's clock. While the database cannot be
 * reached, halts go on by what the replies grant and everything else waits.
 */
export const layerSqlBudget = (
  options: SqlBudgetOptions
): Layer.Layer<RequestBudget, OperationsUnavailable, SqlClient.SqlClient | Ids> =>
  Layer.effect(RequestBudget, Effect.flatMap(makeSqlBudgetStore(options), makeRequestBudget))
