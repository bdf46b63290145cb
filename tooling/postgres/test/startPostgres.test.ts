import { fork } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { connect } from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { PgConnection } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type PostgresServer, startPostgres } from "../src/index.ts"
import { signalled } from "../src/processes.ts"

const PROGRAM = new URL("./programs/owner.ts", import.meta.url)
/** Milliseconds between two looks at something that another process does. */
const LOOK_EVERY_MS = 20

let server: PostgresServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const query = (url: string, sql: string) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(PgConnection.make({ url: Redacted.make(url) }), (connection) =>
        connection.queryValues(sql, [])
      )
    )
  )

const listens = async (url: string): Promise<boolean> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const open = await once(socket, "connect").then(
    () => true,
    () => false
  )
  socket.destroy()
  return open
}

describe("a server for tests", () => {
  it("gives databases that know nothing of each other", async () => {
    const [one, other] = [await server.newDatabase(), await server.newDatabase()]
    await query(one, "CREATE TABLE mine (id bigint)")
    expect(await query(one, "SELECT count(*) FROM mine")).toEqual([[0n]])
    await expect(query(other, "SELECT count(*) FROM mine")).rejects.toThrow("Query failed")
  })

  it.each(["fast", "immediate"] as const)("keeps its data over a %s restart", async (mode) => {
    const url = await server.newDatabase()
    await query(url, "CREATE TABLE kept AS SELECT 7 AS n")
    await server.restart(mode)
    expect(await query(url, "SELECT n FROM kept")).toEqual([[7]])
  })

  it("lets nobody in while it is halted", async () => {
    await server.halt()
    expect(await listens(server.url)).toBe(false)
    await server.start()
    expect(await query(server.url, "SELECT 1")).toEqual([[1]])
  })

  it("answers nothing while it is paused, and everything afterwards", async () => {
    await server.pause()
    let answered = false
    const answer = query(server.url, "SELECT 1").then((rows) => {
      answered = true
      return rows
    })
    // The system takes the connection for it, so that this shows time passing for the query as well.
    expect(await listens(server.url)).toBe(true)
    expect(answered).toBe(false)
    await server.resume()
    expect(await answer).toEqual([[1]])
  })

  it("asks for the password", async () => {
    const url = new URL(server.url)
    url.password = "wrong"
    await expect(query(url.href, "SELECT 1")).rejects.toThrow("Failed to connect")
  })

  it("says why it cannot start", async () => {
    await expect(startPostgres({ settings: { no_such_setting: "1" } })).rejects.toThrow(
      /did not start[^]*no_such_setting/
    )
  })
})

describe("a server whose owner is killed", () => {
  it.each(["running", "paused"])("is gone, and its data with it, when it was %s", async (how) => {
    const owner = fork(PROGRAM, [how])
    const [told] = (await once(owner, "message")) as [{ pid: number; directory: string }] // owner.ts sends exactly this
    expect(signalled(told.pid, 0)).toBe(true)
    expect(existsSync(told.directory)).toBe(true)
    owner.kill("SIGKILL")
    while (signalled(told.pid, 0) || existsSync(told.directory)) await sleep(LOOK_EVERY_MS)
  })
})
