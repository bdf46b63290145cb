import { AuditUnavailable } from "@campaignctl/core"
import { Effect, Predicate } from "effect"
import { SqlError } from "effect/sql"

/** The error, where nothing had been sent to Genesys. */
export const unavailable = (detail: string): AuditUnavailable =>
  new AuditUnavailable({ detail, changeMayHaveHappened: false })

type Sentence = (place: string) => string

/** An extended SQLite result code carries the primary one in its lowest byte. Source: sqlite.org/rescode.html. */
const PRIMARY_CODE_MASK = 0xff

/** What each SQLite result code means to whoever runs the program. Codes: sqlite.org/rescode.html. */
const SQLITE_SENTENCES: Readonly<Record<number, Sentence>> = {
  3: (place) => `There is no permission to use ${place}.`,
  5: (place) => `Another program has kept ${place} locked for too long.`,
  6: (place) => `Another program has kept ${place} locked for too long.`,
  8: (place) => `${place} is read-only, or its directory is.`,
  10: (place) => `The disk failed to read or write ${place}.`,
  11: (place) => `${place} is damaged: it is no longer a well-formed database.`,
  13: (place) => `The disk is full, so that nothing can be added to ${place}.`,
  14: (place) =>
    `${place} cannot be opened: check that the path is a file, and the permissions on it and its directory.`,
  23: (place) => `There is no permission to use ${place}.`,
  26: (place) => `${place} is not a database.`
}

/** The same for a database on a server, by Effect's classification. */
const REASON_SENTENCES: Readonly<Partial<Record<SqlError.SqlErrorReason["_tag"], Sentence>>> = {
  ConnectionError: (place) => `${place} cannot be reached.`,
  AuthenticationError: (place) => `${place} does not accept the credentials.`,
  AuthorizationError: (place) => `There is no permission to use ${place}.`,
  LockTimeoutError: (place) => `Another program has kept ${place} locked for too long.`,
  StatementTimeoutError: (place) => `${place} did not answer in time.`
}

/** A sentence for a person on why the database could not do it. */
const sentenceOf = (place: string, { reason }: SqlError.SqlError): string => {
  const { cause } = reason
  const code = Predicate.hasProperty(cause, "errcode") ? cause.errcode : undefined
  const known =
    (typeof code === "number" ? SQLITE_SENTENCES[code & PRIMARY_CODE_MASK] : undefined) ??
    REASON_SENTENCES[reason._tag]
  if (known !== undefined) return known(place)
  const said = Predicate.hasProperty(cause, "message") ? String(cause.message) : reason._tag
  return `${place} refused: ${said}.`
}

/**
 * Turns every error of the database into `AuditUnavailable`, those of a failed rollback included,
 * which Effect raises as defects.
 *
 * The statements are no spans: what a trace shows of the ledger is the append, which the core traces.
 */
export const orUnavailable =
  (place: string) =>
  <A, E, R>(
    effect: Effect.Effect<A, E | SqlError.SqlError, R>
  ): Effect.Effect<A, Exclude<E, SqlError.SqlError> | AuditUnavailable, R> =>
    effect.pipe(
      Effect.catchDefect((defect) =>
        SqlError.isSqlError(defect) ? Effect.fail(defect) : Effect.die(defect)
      ),
      Effect.mapError(
        (error) =>
          SqlError.isSqlError(error)
            ? unavailable(sentenceOf(place, error))
            : (error as Exclude<E, SqlError.SqlError>) // the guard above took the SqlError out
      ),
      Effect.withTracerEnabled(false)
    )
