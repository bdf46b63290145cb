import { Clock, Duration, Effect, Schedule, type Scope } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { v7 } from "uuid"
import { liveWriters } from "../writers/liveWriters.ts"
import type { Writer } from "../writers/Writer.ts"
import type { WriterRegistry } from "../writers/Writers.ts"

/** Between two signs of life. */
const BEAT_EVERY = Duration.seconds(5)
/**
 * Milliseconds after which a sign of life is given at once instead of waiting for the next: far less
 * than the lease, so that nothing is ever written under a name whose lease has run out.
 */
const STALE_AFTER_MS = 10_000
/**
 * Seconds without a sign of life after which a writer that cannot be seen is taken to be gone: six
 * beats, which the restart of a server or a long pause of a process does not outlast.
 */
export const LEASE_SECONDS = 30
/** Within which the name is taken back when the process ends in order; the lease runs out otherwise. */
const FAREWELL = Duration.seconds(2)

/** Separates what the system tells of a process from what tells two ledgers of one process apart. */
const SEPARATOR = "#"

/**
 * The writers to one database on a server. On the same machine the operating system knows who runs; of
 * all others a sign of life every few seconds tells it, timed by the database's clock alone.
 *
 * No lock that a connection holds: a pooler would keep it after the process's end, and a connection
 * that is lost would give it up while the process lives on.
 *
 * @param machine names what two processes must share for one to see whether the other runs
 */
export const makePostgresWriters = Effect.fnUntraced(function* (
  machine: string
): Effect.fn.Return<WriterRegistry, never, SqlClient.SqlClient | Scope.Scope> {
  const sql = yield* SqlClient.SqlClient
  const scope = yield* Effect.scope
  const system = liveWriters()
  const self: Writer = {
    host: machine,
    pid: system.self.pid,
    started: `${system.self.started}${SEPARATOR}${v7()}`
  }
  const named = ({ host, pid, started }: Writer) =>
    sql.and([sql`host = ${host}`, sql`pid = ${pid}`, sql`started = ${started}`])

  let lastBeat = -Infinity
  let beating = false
  const beat: Effect.Effect<void, SqlError.SqlError> = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    yield* sql`INSERT INTO ledger_writers ${sql.insert({ ...self })}
      ON CONFLICT (host, pid, started) DO UPDATE SET seen_at = clock_timestamp()`
    lastBeat = now
  })
  const farewell = Effect.gen(function* () {
    if (!beating) return
    yield* sql`DELETE FROM ledger_writers WHERE ${sql.or([
      named(self),
      // Whoever was killed cannot take its own back.
      sql`seen_at < clock_timestamp() - interval '1 day'`
    ])}`
  })
  // A server that is not there at the end has no use for it: the lease runs out by itself.
  yield* Effect.addFinalizer(() =>
    farewell.pipe(Effect.timeout(FAREWELL), Effect.ignore, Effect.withTracerEnabled(false))
  )

  // A beat that fails is made up by the next one, or by whoever writes next.
  const beats = Effect.repeat(Effect.ignore(beat), Schedule.spaced(BEAT_EVERY)).pipe(
    Effect.delay(BEAT_EVERY),
    Effect.withTracerEnabled(false)
  )
  const attend = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    if (now - lastBeat < STALE_AFTER_MS) return
    yield* beat
    if (beating) return
    beating = true
    yield* Effect.forkIn(beats, scope)
  })

  const bySystem = ({ host, pid, started }: Writer): boolean | undefined =>
    host === self.host
      ? system.runs({
          host: system.self.host,
          pid,
          started: started.slice(0, started.lastIndexOf(SEPARATOR))
        })
      : undefined
  // While the server was down nobody could give a sign of life, so that its start counts as one.
  const byLease = (writer: Writer) =>
    Effect.map(
      sql<{ fresh: boolean }>`SELECT greatest(seen_at, pg_postmaster_start_time())
        > clock_timestamp() - make_interval(secs => ${LEASE_SECONDS}) AS fresh
        FROM ledger_writers WHERE ${named(writer)}`,
      ([found]) => found?.fresh === true
    )
  return {
    self,
    attend,
    runs: (writer) =>
      Effect.suspend(() => {
        const known = bySystem(writer)
        return known === undefined ? byLease(writer) : Effect.succeed(known)
      })
  }
})
