import { AuditUnavailable } from "@campaignctl/core"
import { Effect, Predicate } from "effect"
import { SqlError } from "effect/sql"
import { sqlStateOf, withoutDefects } from "./steadfast.ts"

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

/** What the server's own codes mean. Codes: PostgreSQL's manual, appendix A. */
const POSTGRES_SENTENCES: Readonly<Record<string, Sentence>> = {
  "25006": (place) => `${place} is read-only: a standby, or set so.`,
  "28000": (place) => `${place} does not let this user in.`,
  "28P01": (place) => `${place} does not accept the password.`,
  "3D000": (place) => `There is no ${place.replace(/^the /, "")}: create it first.`,
  "42501": (place) => `There is no permission to use ${place}.`,
  "53100": (place) => `The server's disk is full, so that nothing can be added to ${place}.`,
  "53200": (place) => `The server of ${place} is out of memory.`,
  "53300": (place) => `The server of ${place} has too many connections.`,
  "57P01": (place) => `The server of ${place} is shutting down.`,
  "57P02": (place) => `The server of ${place} has crashed and is starting again.`,
  "57P03": (place) => `The server of ${place} is starting or shutting down.`,
  ECONNREFUSED: (place) => `Nobody answers where ${place} should be: is the server running?`,
  ENOTFOUND: (place) => `The host of ${place} is not known.`
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
const sentenceOf = (place: string, error: SqlError.SqlError): string => {
  const { reason } = error
  const { cause } = reason
  const code = Predicate.hasProperty(cause, "errcode") ? cause.errcode : undefined
  const known =
    (typeof code === "number" ? SQLITE_SENTENCES[code & PRIMARY_CODE_MASK] : undefined) ??
    POSTGRES_SENTENCES[sqlStateOf(error) ?? ""] ??
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
    withoutDefects(effect).pipe(
      Effect.mapError(
        (error) =>
          SqlError.isSqlError(error)
            ? unavailable(sentenceOf(place, error))
            : (error as Exclude<E, SqlError.SqlError>) // the guard above took the SqlError out
      ),
      Effect.withTracerEnabled(false)
    )
