import { PgConnection } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"

/** Makes an empty database on the server that `url` leads to. */
export const createDatabase = (url: string, name: string): Promise<void> =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(PgConnection.make({ url: Redacted.make(url) }), (connection) =>
        Effect.asVoid(connection.query(`CREATE DATABASE "${name}"`, [], false))
      )
    )
  )

/** The same server's other database. */
export const databaseUrl = (url: string, name: string): string => {
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}
