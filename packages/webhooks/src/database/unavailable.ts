import { Effect } from "effect"
import { Migrator, SqlError } from "effect/sql"
import { WebhooksUnavailable } from "../domain/errors.ts"

/** A sentence for a person on why the database could not do it; never a statement or a value. */
const sentenceOf = ({ reason }: SqlError.SqlError): string => {
  const cause: unknown = reason.cause
  const said = cause instanceof Error ? cause.message : reason._tag
  return `the database refused: ${said}.`
}

/**
 * Turns every error of the database into `WebhooksUnavailable`, those of a failed rollback included,
 * which Effect raises as defects. The statements are no spans.
 */
export const orUnavailable = <A, E, R>(
  effect: Effect.Effect<A, E | SqlError.SqlError | Migrator.MigrationError, R>
): Effect.Effect<
  A,
  Exclude<E, SqlError.SqlError | Migrator.MigrationError> | WebhooksUnavailable,
  R
> =>
  effect.pipe(
    Effect.catchDefect((defect) =>
      SqlError.isSqlError(defect) ? Effect.fail(defect) : Effect.die(defect)
    ),
    Effect.mapError((error) => {
      if (SqlError.isSqlError(error)) return new WebhooksUnavailable({ detail: sentenceOf(error) })
      if (error instanceof Migrator.MigrationError)
        return new WebhooksUnavailable({
          detail: SqlError.isSqlError(error.cause) ? sentenceOf(error.cause) : `${error.message}.`
        })
      // The two guards above took the database's errors out, which the compiler cannot see.
      return error as Exclude<E, SqlError.SqlError | Migrator.MigrationError>
    }),
    Effect.withTracerEnabled(false)
  )
