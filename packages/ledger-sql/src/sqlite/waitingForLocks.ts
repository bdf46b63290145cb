import { setTimeout as delay } from "node:timers/promises"
import { Effect, Predicate } from "effect"
import type { SqlError } from "effect/sql"

/**
 * Milliseconds for which a statement may stand still for another process's lock, and this process with it:
 * many times what an append takes, and short for whoever has nothing to do with the database.
 */
export const BLOCKED_FOR_MS = 100
/** Milliseconds for which everybody else may go on, before the next try. */
const LEFT_FREE_MS = 100

/** Codes: sqlite.org/rescode.html. An extended one carries the primary one in its lowest byte. */
const PRIMARY_CODE_MASK = 0xff
const SQLITE_BUSY = 5
/** What a transaction has read is out of date: to wait would not help. */
const SQLITE_BUSY_SNAPSHOT = 517

const isLocked = ({ reason: { cause } }: SqlError.SqlError): boolean =>
  Predicate.hasProperty(cause, "errcode") &&
  typeof cause.errcode === "number" &&
  (cause.errcode & PRIMARY_CODE_MASK) === SQLITE_BUSY &&
  cause.errcode !== SQLITE_BUSY_SNAPSHOT

/** By the computer's own time, whatever clock a test has set: the other process has no other. */
const leaveFree = Effect.promise(async (signal) => {
  try {
    await delay(LEFT_FREE_MS, undefined, { signal })
  } catch {
    // Interrupted: nobody waits any more.
  }
})

/**
 * Waits for another process's lock, so long at most. SQLite waits by itself, but keeps the whole process
 * from doing anything else: a halt could send no stop while the ledger is locked.
 */
export const waitingForLocks = (busyTimeoutMs: number) => {
  const triesAtMost = Math.floor(busyTimeoutMs / (BLOCKED_FOR_MS + LEFT_FREE_MS))
  return <A>(
    statement: Effect.Effect<A, SqlError.SqlError>
  ): Effect.Effect<A, SqlError.SqlError> => {
    const tried = (triesLeft: number): Effect.Effect<A, SqlError.SqlError> =>
      triesLeft === 0
        ? statement
        : Effect.catch(statement, (error) =>
            isLocked(error) ? Effect.andThen(leaveFree, tried(triesLeft - 1)) : Effect.fail(error)
          )
    return tried(triesAtMost)
  }
}
