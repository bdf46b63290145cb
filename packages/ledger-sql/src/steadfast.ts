import { Duration, Effect, Fiber, Predicate, Schedule, type Semaphore } from "effect"
import { SqlClient, SqlError } from "effect/sql"

/**
 * What passes: the server restarts, another one takes its place, too many are connected, or two
 * transactions were in each other's way. In each case the statement was not run, or its transaction was
 * taken back, or its connection was lost. Source: PostgreSQL's manual, appendix A, "Error Codes".
 */
const PASSING_STATES: ReadonlySet<string> = new Set([
  "57P01", // admin_shutdown
  "57P02", // crash_shutdown
  "57P03", // cannot_connect_now
  "53300", // too_many_connections
  "40001", // serialization_failure
  "40P01", // deadlock_detected
  "55P03" // lock_not_available
])

/** How long one try may take: several times the two seconds for which a busy server may be away. */
const TRY_FOR = Duration.seconds(8)
/** How long to go on trying: a restart of the server, and most changes from one to another, take less. */
const GO_ON_FOR = Duration.seconds(15)
/** The first pause between two tries, which doubles, and the longest one. */
const FIRST_PAUSE = Duration.millis(50)
const LONGEST_PAUSE = Duration.seconds(1)

/** The five characters by which PostgreSQL names an error, where it was the server that spoke. */
export const sqlStateOf = ({ reason }: SqlError.SqlError): string | undefined =>
  Predicate.hasProperty(reason.cause, "code") && typeof reason.cause.code === "string"
    ? reason.cause.code
    : undefined

const isPassing = (error: unknown): boolean =>
  SqlError.isSqlError(error) &&
  (error.reason._tag === "ConnectionError" || PASSING_STATES.has(sqlStateOf(error) ?? ""))

const pauses = Schedule.min([
  Schedule.exponential(FIRST_PAUSE),
  Schedule.spaced(LONGEST_PAUSE)
]).pipe(Schedule.jittered, Schedule.upTo({ duration: GO_ON_FOR }))

/**
 * Gives up waiting after a while. What was begun is interrupted, but not waited for: a connection on
 * which nothing comes any more can take minutes to find that out.
 */
const timeLimited = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.flatMap(Effect.forkDetach(restore(effect)), (fiber) =>
      restore(Fiber.join(fiber)).pipe(
        Effect.onInterrupt(() => Effect.forkDetach(Fiber.interrupt(fiber)))
      )
    )
  ).pipe(
    Effect.timeoutOrElse({
      duration: TRY_FOR,
      orElse: () =>
        Effect.fail(
          new SqlError.SqlError({
            reason: new SqlError.ConnectionError({ cause: new Error("no answer in time") })
          })
        )
    })
  )

/** The SqlErrors of a failed rollback are raised as defects. */
export const withoutDefects = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E | SqlError.SqlError, R> =>
  Effect.catchDefect(effect, (defect) =>
    SqlError.isSqlError(defect) ? Effect.fail(defect) : Effect.die(defect)
  )

/**
 * Tries again, for a limited time, what a passing trouble with a server kept from being done. Only for
 * what may be done twice. A file has no such troubles: there it is done once.
 *
 * @param turns taken for each try; the time for which one waits for them is not limited
 */
export const steadfast = <A, E, R>(
  effect: Effect.Effect<A, E, R>,
  turns?: Semaphore.Semaphore
): Effect.Effect<A, E | SqlError.SqlError, R | SqlClient.SqlClient> =>
  Effect.flatMap(SqlClient.SqlClient, (sql) => {
    const limited = withoutDefects(timeLimited(effect))
    const tried = turns === undefined ? limited : turns.withPermits(1)(limited)
    return sql.onDialectOrElse({
      pg: () => Effect.retry(tried, { while: isPassing, schedule: pauses }),
      orElse: () => effect
    })
  })
