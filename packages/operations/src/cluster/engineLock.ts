import { Effect, Predicate, type Scope } from "effect"
import { EngineInUse, OperationsUnavailable } from "../domain/errors.ts"

/** SQLite's result code where another process holds the lock. Source: sqlite.org/rescode.html. */
const SQLITE_BUSY = 5

/**
 * Holds, for as long as the scope lives, that this process alone carries on the operations of a
 * database. The operating system holds the lock, on a file of its own beside the database, and frees it
 * however the process ends; the ledger stays shareable.
 */
export const engineLock = Effect.fnUntraced(function* (
  database: string
): Effect.fn.Return<void, EngineInUse | OperationsUnavailable, Scope.Scope> {
  const file = `${database}.engine`
  // Loaded here: whoever runs on PostgreSQL needs no SQLite.
  const { DatabaseSync } = yield* Effect.promise(() => import("node:sqlite"))
  yield* Effect.acquireRelease(
    Effect.try({
      try: () => {
        const lock = new DatabaseSync(file, { timeout: 0 })
        try {
          lock.exec("BEGIN EXCLUSIVE")
        } catch (cause) {
          lock.close()
          throw cause
        }
        return lock
      },
      catch: (cause) =>
        Predicate.hasProperty(cause, "errcode") && cause.errcode === SQLITE_BUSY
          ? new EngineInUse({ file: database })
          : new OperationsUnavailable({
              detail: `${file} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}.`
            })
    }),
    (lock) => Effect.sync(() => lock.close())
  )
})
