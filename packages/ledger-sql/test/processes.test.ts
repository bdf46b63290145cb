import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { AuditLog, openIntents } from "@campaignctl/core"
import { outcomeDraft } from "@campaignctl/core/testing"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Effect, Layer, Stream } from "effect"
import { describe, expect, it } from "vitest"
import { idsLive } from "../src/index.ts"
import { ledgerAt } from "./support/ledgerAt.ts"
import { temporaryDirectory } from "./support/ledgers.ts"

const PROCESSES = 4
const PAIRS_EACH = 100

/** Milliseconds within which a writer is killed after it was told to go on: several hundred appends. */
const KILLED_WITHIN_MS = 60

const APPENDER = new URL("./programs/appender.ts", import.meta.url)
const CRASHER = new URL("./programs/crasher.ts", import.meta.url)

const started = (program: URL, ...args: ReadonlyArray<string>): ChildProcess =>
  fork(program, args, { stdio: ["ignore", "ignore", "inherit", "ipc"] })

/** As the next process would: with a layer, and a connection, of its own. */
const onLedger = <A, E>(target: string, effect: Effect.Effect<A, E, AuditLog>) =>
  Effect.provide(effect, ledgerAt(target).pipe(Layer.provide(idsLive)), { local: true })

/** A place for a ledger that is not there yet. */
type Place = <A, E>(use: (target: string) => Effect.Effect<A, E>) => Promise<A>

const inDirectory: Place = (use) =>
  Effect.runPromise(
    Effect.scoped(
      Effect.flatMap(temporaryDirectory, (directory) => use(join(directory, "made", "ledger.db")))
    )
  )
const inDatabase: Place = (use) =>
  Effect.runPromise(Effect.flatMap(Effect.promise(freshDatabase), use))

/** With the number of kills: a process takes longer to reach a server. */
const places: ReadonlyArray<readonly [string, Place, kills: number]> = [
  ["file", inDirectory, 10],
  ["PostgreSQL database", inDatabase, 4]
]

describe.each(places)("several processes on one %s", (_, place) => {
  it("leave one unbroken chain with every entry of each, the first of them making the tables", () =>
    place((target) =>
      Effect.gen(function* () {
        const writers = Array.from({ length: PROCESSES }, () =>
          started(APPENDER, target, String(PAIRS_EACH))
        )
        const ended = yield* Effect.promise(() =>
          Promise.all(writers.map((writer) => once(writer, "exit")))
        )
        expect(ended.map(([code]) => code)).toEqual(writers.map(() => 0))
        const log = onLedger(
          target,
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

describe.each(places)("a writer to a %s killed at any moment", (_, place, kills) => {
  it("leaves a ledger that verifies, and its open intent to the next process, not before it is dead", () =>
    place((target) =>
      Effect.forEach(Array.from({ length: kills }), (_none, round) =>
        Effect.gen(function* () {
          const writer = started(CRASHER, target)
          const ended = once(writer, "exit")
          yield* Effect.promise(() => once(writer, "message"))
          yield* onLedger(
            target,
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
            target,
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
