import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { type AuditEntry, AuditLog } from "@campaignctl/core"
import { outcomeDraft } from "@campaignctl/core/testing"
import { Effect, Layer, Stream } from "effect"
import { describe, expect, it } from "vitest"
import { idsLive, layerSqlite } from "../src/index.ts"
import { temporaryDirectory } from "./support/ledgers.ts"

const PROCESSES = 4
const PAIRS_EACH = 100
const KILLS = 10
/** Milliseconds within which a writer is killed after it was told to go on: several hundred appends. */
const KILLED_WITHIN_MS = 60

const APPENDER = new URL("./programs/appender.ts", import.meta.url)
const CRASHER = new URL("./programs/crasher.ts", import.meta.url)

const started = (program: URL, ...args: ReadonlyArray<string>): ChildProcess =>
  fork(program, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] })

/** As the next process would: with a layer, and a connection, of its own. */
const onLedger = <A, E>(filename: string, effect: Effect.Effect<A, E, AuditLog>) =>
  Effect.provide(effect, layerSqlite({ filename }).pipe(Layer.provide(idsLive)), { local: true })

const inDirectory = <A, E>(use: (filename: string) => Effect.Effect<A, E>) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(temporaryDirectory, (directory) => use(join(directory, "made", "ledger.db")))
    )
  )

const openIntents = (entries: ReadonlyArray<AuditEntry>) => {
  const settled = new Set(entries.map(({ intentId }) => intentId))
  return entries.filter(({ id, kind }) => kind === "intent" && !settled.has(id))
}

describe("several processes on one file", () => {
  it("leave one unbroken chain with every entry of each, the first of them making the file", () =>
    inDirectory((filename) =>
      Effect.gen(function* () {
        const writers = Array.from({ length: PROCESSES }, () =>
          started(APPENDER, filename, String(PAIRS_EACH))
        )
        const ended = yield* Effect.promise(() =>
          Promise.all(writers.map((writer) => once(writer, "exit")))
        )
        expect(ended.map(([code]) => code)).toEqual(writers.map(() => 0))
        const log = onLedger(
          filename,
          AuditLog.use((log) => Effect.all([log.verify, Stream.runCollect(log.query({}))]))
        )
        const [verification, entries] = yield* log
        expect(verification).toMatchObject({ _tag: "Intact", entries: PROCESSES * PAIRS_EACH * 2 })
        for (const { pid } of writers)
          expect(
            entries.filter(({ requestedBy }) => requestedBy === `process ${pid}`)
          ).toHaveLength(PAIRS_EACH * 2)
      })
    ))
})

describe("a writer killed at any moment", () => {
  it("leaves a ledger that verifies, and its open intent to the next process, not before it is dead", () =>
    inDirectory((filename) =>
      Effect.forEach(Array.from({ length: KILLS }), (_, round) =>
        Effect.gen(function* () {
          const writer = started(CRASHER, filename)
          const ended = once(writer, "exit")
          yield* Effect.promise(() => once(writer, "message"))
          yield* onLedger(
            filename,
            Effect.gen(function* () {
              const log = yield* AuditLog
              expect(openIntents(yield* Stream.runCollect(log.query({})))).toHaveLength(1)
              expect(yield* log.unsettled).toEqual([])
            })
          )
          // Every other one dies with its first intent open, the rest wherever they are.
          const atOnce = round % 2 === 0
          if (!atOnce) {
            writer.send("go on")
            // By the system's clock on purpose: the moment is to be any.
            yield* Effect.promise(
              () => new Promise((resume) => setTimeout(resume, Math.random() * KILLED_WITHIN_MS))
            )
          }
          writer.kill("SIGKILL")
          yield* Effect.promise(() => ended)
          yield* onLedger(
            filename,
            Effect.gen(function* () {
              const log = yield* AuditLog
              expect((yield* log.verify)._tag).toBe("Intact")
              const open = openIntents(yield* Stream.runCollect(log.query({})))
              expect(open.length).toBeGreaterThanOrEqual(atOnce ? 1 : 0)
              expect(yield* log.unsettled).toEqual(open)
              for (const { id } of open)
                yield* log.append(outcomeDraft(id, { outcome: "recovered" }))
              expect(yield* log.unsettled).toEqual([])
            })
          )
        })
      )
    ))
})
