import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite"
import { Cache, Context, Duration, Effect, Exit, Option, Semaphore, Stream } from "effect"
import type { Scope } from "effect"
import type { Reactivity } from "effect/reactivity"
import { SqlClient, type SqlConnection, SqlError, Statement } from "effect/sql"
import { BLOCKED_FOR_MS, waitingForLocks } from "./waitingForLocks.ts"

/** How one connection is opened. */
export interface NodeSqliteOptions {
  /** A path, or `:memory:`. */
  readonly filename: string
  /** Run in order when the connection opens; none may write to the file. */
  readonly pragmas: ReadonlyArray<string>
  /** Milliseconds for which a statement waits for another process's lock. */
  readonly busyTimeoutMs: number
}

/** Prepared statements kept; the ledger has about thirty of its own. */
const STATEMENTS_KEPT = 256
/** Minutes for which an unused statement is kept; it costs memory alone. */
const STATEMENT_KEPT_MINUTES = 10
/** Rows that a stream takes from the database at a time, before others may run. */
const STREAM_ROWS = 128

/** `node:sqlite` calls SQLite's result code `errcode`; Effect's classification reads `errno`. */
const withErrno = (cause: unknown): unknown =>
  cause instanceof Error && "errcode" in cause && !("errno" in cause)
    ? Object.assign(cause, { errno: cause.errcode })
    : cause

const failed =
  (operation: string) =>
  (cause: unknown): SqlError.SqlError =>
    new SqlError.SqlError({
      reason: SqlError.classifySqliteError(withErrno(cause), {
        message: `SQLite could not ${operation}`,
        operation
      })
    })

/** What `node:sqlite` cannot bind itself. Anything else that it cannot bind is its own error. */
const bindable = (value: unknown): SQLInputValue => {
  if (typeof value === "boolean") return value ? 1 : 0
  if (value instanceof Date) return value.toISOString()
  return value as SQLInputValue // node:sqlite checks, and throws what `failed` turns into an SqlError
}

type Shape = "rows" | "arrays" | "raw"
type Transform = (<A extends object>(rows: ReadonlyArray<A>) => ReadonlyArray<A>) | undefined

const run = (
  statement: StatementSync,
  params: ReadonlyArray<unknown>,
  shape: Shape,
  bigInts: boolean
) => {
  statement.setReadBigInts(bigInts)
  statement.setReturnArrays(shape === "arrays")
  const bound = params.map(bindable)
  if (statement.columns().length > 0) return statement.all(...bound)
  const result = statement.run(...bound)
  return shape === "raw" ? result : []
}

/** Unlike `Iterator.take`, it leaves the iterator open. */
const taken = <A>(iterator: Iterator<A>, limit: number): ReadonlyArray<A> => {
  const found: Array<A> = []
  while (found.length < limit) {
    const next = iterator.next()
    if (next.done === true) break
    found.push(next.value)
  }
  return found
}

/** A result set as a stream: the rows are taken from SQLite only as they are pulled. */
const streamed = (
  db: DatabaseSync,
  sql: string,
  params: ReadonlyArray<unknown>,
  transform: Transform
) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const bigInts = yield* SqlClient.SafeIntegers
      const rows = yield* Effect.acquireRelease(
        Effect.try({
          try: () => {
            // Of its own, not from the cache: one statement cannot be run twice at once.
            const statement = db.prepare(sql)
            statement.setReadBigInts(bigInts)
            return statement.iterate(...params.map(bindable))
          },
          catch: failed("prepare a statement")
        }),
        (open) => Effect.sync(() => open.return?.())
      )
      const take = Effect.try({ try: () => taken(rows, STREAM_ROWS), catch: failed("read rows") })
      return Stream.paginate(undefined, () =>
        Effect.map(
          take,
          (found) =>
            [
              transform === undefined ? found : transform(found),
              found.length < STREAM_ROWS ? Option.none() : Option.some(undefined)
            ] as const
        )
      )
    })
  )

/** A client on one connection; whoever uses it takes turns. */
export const makeNodeSqlite = Effect.fnUntraced(function* (
  options: NodeSqliteOptions
): Effect.fn.Return<SqlClient.SqlClient, SqlError.SqlError, Reactivity.Reactivity | Scope.Scope> {
  // Loaded here and not above: a command that needs no ledger should not pay for the engine.
  const sqlite = yield* Effect.promise(() => import("node:sqlite"))
  const db = yield* Effect.acquireRelease(
    Effect.try({
      try: () =>
        new sqlite.DatabaseSync(options.filename, {
          timeout: Math.min(options.busyTimeoutMs, BLOCKED_FOR_MS)
        }),
      catch: failed("open the file")
    }),
    (open) => Effect.sync(() => open.close())
  )
  yield* Effect.try({
    try: () => options.pragmas.forEach((pragma) => db.exec(`PRAGMA ${pragma}`)),
    catch: failed("set up the connection")
  })
  const statements = yield* Cache.makeWith(
    (sql: string) =>
      Effect.try({ try: () => db.prepare(sql), catch: failed("prepare a statement") }),
    {
      capacity: STATEMENTS_KEPT,
      // A table that is not there may be made a moment later: a refusal is not kept.
      timeToLive: (exit) =>
        Exit.isSuccess(exit) ? Duration.minutes(STATEMENT_KEPT_MINUTES) : Duration.zero
    }
  )
  const whenUnlocked = waitingForLocks(options.busyTimeoutMs)
  const execute = (sql: string, params: ReadonlyArray<unknown>, shape: Shape) =>
    whenUnlocked(
      Effect.flatMap(Cache.get(statements, sql), (statement) =>
        Effect.withFiber<ReturnType<typeof run>, SqlError.SqlError>((fiber) =>
          Effect.try({
            try: () =>
              run(statement, params, shape, Context.get(fiber.context, SqlClient.SafeIntegers)),
            catch: failed("run a statement")
          })
        )
      )
    )
  // `all` returns objects, or arrays where arrays were asked for; the engine's types say neither.
  const rows = (sql: string, params: ReadonlyArray<unknown>, transform: Transform) =>
    Effect.map(execute(sql, params, "rows"), (found) =>
      transform === undefined ? (found as Array<object>) : transform(found as Array<object>)
    )
  const values = (sql: string, params: ReadonlyArray<unknown>) =>
    Effect.map(execute(sql, params, "arrays"), (found) => found as unknown as Array<Array<unknown>>)

  const connection: SqlConnection.Connection = {
    execute: rows,
    executeRaw: (sql, params) => execute(sql, params, "raw"),
    executeValues: values,
    executeValuesUnprepared: values,
    executeUnprepared: rows,
    executeStream: (sql, params, transform) => streamed(db, sql, params, transform)
  }
  return yield* SqlClient.make({
    ...SqlClient.makeSqliteAcquirers({
      connection: Effect.succeed(connection),
      semaphore: yield* Semaphore.make(1),
      isTransaction: () => db.isTransaction
    }),
    compiler: Statement.makeCompilerSqlite(),
    // The write lock first: a transaction that reads and then writes can otherwise be refused half-way.
    beginTransaction: "BEGIN IMMEDIATE",
    prepareTransactionControls: true,
    driver: "sqlite-node",
    spanAttributes: [["db.system.name", "sqlite"]]
  })
})
