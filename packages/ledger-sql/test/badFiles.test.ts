import { execFile } from "node:child_process"
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { promisify } from "node:util"
import { AuditLog, AuditUnavailable } from "@campaignctl/core"
import { auditDraft } from "@campaignctl/core/testing"
import { Effect, Layer, Fiber } from "effect"
import { Reactivity } from "effect/reactivity"
import { SqlClient } from "effect/sql"
import { describe, expect, it } from "vitest"
import { idsLive, layerSqlite, makeDirectory } from "../src/index.ts"
import { openSchema } from "../src/schema/openSchema.ts"
import { makeNodeSqlite } from "../src/sqlite/NodeSqlite.ts"
import { orUnavailable } from "../src/unavailable.ts"
import { inMemory, temporaryDirectory } from "./support/ledgers.ts"

/** Takes from root the right to pass over permissions, so that they hold it back like any other user. */
const HELD_BACK: ReadonlyArray<string> =
  process.getuid?.() === 0
    ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
    : []
/** More entries than a few free pages hold. */
const FILLING_ENTRIES = 200
const SHORT_WAIT_MS = 20

const ledger = (filename: string, busyTimeoutMs = 5_000) =>
  layerSqlite({ filename, busyTimeoutMs }).pipe(Layer.provide(idsLive))

const append = AuditLog.use((log) => log.append(auditDraft()))
const appendTo = (filename: string) => Effect.provide(append, ledger(filename), { local: true })
const refusal = (filename: string) => Effect.flip(appendTo(filename))

const inDirectory = <A, E>(use: (directory: string) => Effect.Effect<A, E>) =>
  Effect.runPromise(Effect.scoped(Effect.flatMap(temporaryDirectory, use)))

const everything = (directory: string) =>
  readdirSync(directory).map((name) => [name, readFileSync(join(directory, name)).toString("hex")])

const sqliteFile = (statement: string) => (path: string) => {
  const db = new DatabaseSync(path)
  db.exec(statement)
  db.close()
}

const notLedgers: ReadonlyArray<readonly [string, (path: string) => void, RegExp]> = [
  ["garbage", (path) => writeFileSync(path, "x".repeat(5_000)), /is not a database/],
  ["a short text", (path) => writeFileSync(path, "notes\n"), /is not a database/],
  [
    "the database of another program",
    sqliteFile("CREATE TABLE notes (text TEXT)"),
    /not a campaignctl ledger/
  ],
  [
    "the database of another program, with a write-ahead log",
    sqliteFile("PRAGMA journal_mode = WAL; CREATE TABLE notes (text TEXT)"),
    /not a campaignctl ledger/
  ]
]

describe("a directory that takes no other", () => {
  // Linux alone has one that every machine can be asked for.
  it.runIf(process.platform === "linux")("is said, not tried for ever", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const error = yield* refusal("/proc/nowhere/campaignctl/ledger.db")
        expect(error).toMatchObject({ changeMayHaveHappened: false })
        expect(error.detail).toContain("/proc/nowhere/campaignctl cannot be made")
      })
    )
  )

  it("is not asked again for what is there, nor for what another process makes meanwhile", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "a", "b", "c")
        yield* Effect.promise(() =>
          Promise.all(Array.from({ length: 8 }, () => makeDirectory(path)))
        )
        yield* Effect.promise(() => makeDirectory(path))
        expect(readdirSync(join(directory, "a", "b"))).toEqual(["c"])
      })
    ))
})

describe("a file that is not a ledger is refused and left as it is", () => {
  it.each(notLedgers)("%s", (_, make, sentence) =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "some.file")
        make(path)
        const before = everything(directory)
        const error = yield* refusal(path)
        expect(error).toBeInstanceOf(AuditUnavailable)
        expect(error.detail).toMatch(sentence)
        expect(error.detail).toContain(path)
        expect(everything(directory)).toEqual(before)
      })
    )
  )
})

describe("a path that cannot be used", () => {
  it("a directory", () =>
    inDirectory((directory) =>
      Effect.map(refusal(directory), ({ detail }) =>
        expect(detail).toMatch(/is a directory, not a file/)
      )
    ))

  it("a path that leads through a file", () =>
    inDirectory((directory) => {
      writeFileSync(join(directory, "file"), "")
      return Effect.map(refusal(join(directory, "file", "ledger.db")), ({ detail }) =>
        expect(detail).toMatch(/is a file, not a directory/)
      )
    }))

  it("a directory that is missing is made", () =>
    inDirectory((directory) =>
      Effect.map(appendTo(join(directory, "a", "b", "ledger.db")), ({ sequence }) =>
        expect(sequence).toBe(1)
      )
    ))

  it("an empty file becomes a ledger", () =>
    inDirectory((directory) => {
      writeFileSync(join(directory, "ledger.db"), "")
      return Effect.map(appendTo(join(directory, "ledger.db")), ({ sequence }) =>
        expect(sequence).toBe(1)
      )
    }))
})

/** As a process that the permissions hold back, root or not. */
const appendHeldBack = (path: string) =>
  Effect.promise(async () => {
    const program = new URL("./programs/appendOnce.ts", import.meta.url).pathname
    const [command, ...args] = [...HELD_BACK, process.execPath, program, path]
    const { stdout } = await promisify(execFile)(command, args)
    return JSON.parse(stdout) as unknown
  })

const READ_ONLY_FILE = 0o444
const READ_ONLY_DIRECTORY = 0o555

describe("no permission to write", () => {
  it("a read-only ledger", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "ledger.db")
        yield* appendTo(path)
        chmodSync(path, READ_ONLY_FILE)
        expect(yield* appendHeldBack(path)).toMatchObject({
          _tag: "AuditUnavailable",
          detail: expect.stringMatching(/is read-only, or its directory is/)
        })
      })
    ))

  it("a read-only directory", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const closed = join(directory, "closed")
        mkdirSync(closed)
        chmodSync(closed, READ_ONLY_DIRECTORY)
        expect(yield* appendHeldBack(join(closed, "ledger.db"))).toMatchObject({
          _tag: "AuditUnavailable",
          detail: expect.stringMatching(/cannot be opened: check/)
        })
        expect(yield* appendHeldBack(join(closed, "new", "ledger.db"))).toMatchObject({
          _tag: "AuditUnavailable",
          detail: expect.stringMatching(/There is no permission/)
        })
      })
    ))
})

describe("a database that will not take more", () => {
  it("a full disk: nothing is half written, and writable says so too", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const log = yield* AuditLog
        const sql = yield* SqlClient.SqlClient
        yield* log.append(auditDraft())
        const [size] = yield* sql<{ page_count: number }>`PRAGMA page_count`
        yield* sql.unsafe(`PRAGMA max_page_count = ${(size?.page_count ?? 0) + 1}`)
        const filling = Effect.forEach(Array.from({ length: FILLING_ENTRIES }), () => append)
        expect((yield* Effect.flip(filling)).detail).toMatch(/The disk is full/)
        expect((yield* Effect.flip(log.writable)).detail).toMatch(/The disk is full/)
        expect((yield* log.verify)._tag).toBe("Intact")
      }).pipe(Effect.provide(inMemory))
    ))

  it("a disk too full to make a ledger on", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const options = { filename: ":memory:", pragmas: ["max_page_count = 3"], busyTimeoutMs: 0 }
        const sql = yield* makeNodeSqlite(options)
        const opened = openSchema("The ledger").pipe(
          Effect.provideService(SqlClient.SqlClient, sql)
        )
        const error = yield* Effect.flip(orUnavailable("The ledger")(opened))
        expect(error.detail).toMatch(/The disk is full/)
        expect(yield* sql`SELECT name FROM sqlite_schema`).toEqual([])
      }).pipe(Effect.scoped, Effect.provide(Reactivity.layer))
    ))

  it("an outcome that cannot be written says that the change may have happened", () =>
    Effect.runPromise(
      Effect.gen(function* () {
        const log = yield* AuditLog
        const sql = yield* SqlClient.SqlClient
        const intent = yield* log.append(auditDraft())
        yield* sql`DROP TABLE ledger_head`
        const outcome = auditDraft({
          kind: "outcome",
          outcome: "applied",
          intentId: intent.id,
          attempts: 1
        })
        expect(yield* Effect.flip(log.append(outcome))).toMatchObject({
          changeMayHaveHappened: true
        })
        expect(yield* Effect.flip(log.append(auditDraft()))).toMatchObject({
          changeMayHaveHappened: false
        })
      }).pipe(Effect.provide(inMemory))
    ))

  it("a lock that another program keeps", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "ledger.db")
        yield* appendTo(path)
        const other = new DatabaseSync(path)
        other.exec("BEGIN IMMEDIATE")
        const error = yield* Effect.flip(
          Effect.provide(append, ledger(path, SHORT_WAIT_MS), { local: true })
        )
        other.close()
        expect(error.detail).toMatch(/locked for too long/)
        expect((yield* appendTo(path)).sequence).toBe(2)
      })
    ))

  it("a lock that another program lets go is waited for without holding up anybody else", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "ledger.db")
        yield* appendTo(path)
        const other = new DatabaseSync(path)
        other.exec("BEGIN EXCLUSIVE")
        const waiting = yield* Effect.forkChild(appendTo(path), { startImmediately: true })
        // Of this same thread: it comes to it only where the wait leaves it free.
        yield* Effect.sleep("500 millis")
        expect(waiting.pollUnsafe()).toBeUndefined()
        other.exec("COMMIT")
        expect((yield* Fiber.join(waiting)).sequence).toBe(2)
        other.close()
      })
    ))

  it("a ledger of a newer program is refused", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "ledger.db")
        yield* appendTo(path)
        sqliteFile(
          "INSERT INTO ledger_migrations (migration_id, name) VALUES (99, 'of the future')"
        )(path)
        expect((yield* refusal(path)).detail).toMatch(/written by a newer campaignctl \(schema 99/)
      })
    ))
})
