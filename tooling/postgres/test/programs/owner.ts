/** Starts a server, says where, and waits to be killed: `node owner.ts running|paused`, with an IPC channel. */
import { PgConnection } from "@effect/sql-pg"
import { readFileSync } from "node:fs"
import { Effect, Redacted } from "effect"
import { startPostgres } from "../../src/index.ts"

const server = await startPostgres()
const [[data]] = (await Effect.runPromise(
  Effect.scoped(
    Effect.flatMap(PgConnection.make({ url: Redacted.make(server.url) }), (connection) =>
      connection.queryValues("SHOW data_directory", [])
    )
  )
)) as [[string]] // one row of one text
if (process.argv[2] === "paused") await server.pause()
process.send?.({
  // The first line of this file is the server's process. Source: PostgreSQL's manual, "Database File Layout".
  pid: Number(readFileSync(`${data}/postmaster.pid`, "utf8").split("\n")[0]),
  directory: data
})
