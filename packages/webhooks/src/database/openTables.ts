import { Effect, Schedule } from "effect"
import { Migrator, type SqlClient } from "effect/sql"
import type { WebhooksUnavailable } from "../domain/errors.ts"
import { orUnavailable } from "./unavailable.ts"

/** How often, and milliseconds between, to look whether another process has ended making the tables. */
const LOOKS = 50
const LOOK_MS = 100

/**
 * Makes a set of tables, or brings them up to date. Of several processes that start at once on one
 * database one does it, and the others wait.
 */
export const openTables = (
  table: string,
  migrations: ReadonlyArray<Migrator.ResolvedMigration>
): Effect.Effect<void, WebhooksUnavailable, SqlClient.SqlClient> =>
  Migrator.make({})({ loader: Effect.succeed(migrations), table }).pipe(
    Effect.retry({
      while: (error) => error._tag === "MigrationError" && error.kind === "Locked",
      times: LOOKS,
      schedule: Schedule.spaced(LOOK_MS)
    }),
    orUnavailable,
    Effect.asVoid
  )
