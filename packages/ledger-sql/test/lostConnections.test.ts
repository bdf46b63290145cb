import { setTimeout as sleep } from "node:timers/promises"
import { AuditLog } from "@campaignctl/core"
import { auditDraft, outcomeDraft } from "@campaignctl/core/testing"
import { type PostgresServer, startPostgres } from "@campaignctl/postgres-server"
import { Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { idsLive } from "../src/index.ts"
import { layerPostgres } from "../src/postgres/index.ts"
import { type Cut, cutter } from "./support/cutter.ts"

const WRITERS = 4
const PAIRS_EACH = 60
const RESTARTS = 4
/** Milliseconds for which the server stands still, as it may. */
const PAUSE_MS = 2_000
/** Milliseconds of work between two troubles. */
const WORK_MS = 150

let server: PostgresServer
// One of its own: what these tests do to it, others could not bear.
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const onLedger = <A, E>(url: string, effect: Effect.Effect<A, E, AuditLog>) =>
  Effect.provide(effect, layerPostgres({ url: Redacted.make(url) }).pipe(Layer.provide(idsLive)), {
    local: true
  })

const entriesOf = AuditLog.use((log) => Stream.runCollect(log.query({})))

/** Appends pairs with a name of their own, each of which must be there once in the end. */
const writer = (name: string) =>
  Effect.forEach(Array.from({ length: PAIRS_EACH }), (_, n) =>
    Effect.gen(function* () {
      const log = yield* AuditLog
      const intent = yield* log.append(auditDraft({ note: `${name} ${n}` }))
      yield* log.append(outcomeDraft(intent.id, { note: `${name} ${n} done` }))
    })
  )

const underTrouble = (trouble: () => Promise<void>) =>
  Effect.gen(function* () {
    const url = yield* Effect.promise(server.newDatabase)
    return yield* onLedger(
      url,
      Effect.gen(function* () {
        const writers = yield* Effect.forkChild(
          Effect.forEach(
            Array.from({ length: WRITERS }, (_, n) => `writer ${n}`),
            writer,
            { concurrency: "unbounded" }
          )
        )
        yield* Effect.promise(trouble)
        yield* Fiber.join(writers)
        const notes = (yield* entriesOf).map(({ note }) => note)
        const log = yield* AuditLog
        const verification = (yield* log.verify)._tag
        const unsettled = (yield* log.unsettled).length
        return { entries: notes.length, different: new Set(notes).size, verification, unsettled }
      })
    )
  }).pipe(Effect.runPromise)

const ENTRIES = WRITERS * PAIRS_EACH * 2
const allOnce = { entries: ENTRIES, different: ENTRIES, verification: "Intact", unsettled: 0 }

describe("what is appended while the server", () => {
  it.each(["fast", "immediate"] as const)("is restarted (%s) is there once", async (mode) => {
    const found = await underTrouble(async () => {
      for (let done = 0; done < RESTARTS; done++) {
        await sleep(WORK_MS)
        await server.restart(mode)
      }
    })
    expect(found).toEqual(allOnce)
  })

  it("stands still for two seconds is there once", async () => {
    const found = await underTrouble(async () => {
      await sleep(WORK_MS)
      await server.pause()
      await sleep(PAUSE_MS)
      await server.resume()
    })
    expect(found).toEqual(allOnce)
  })

  it("is down for two seconds is there once", async () => {
    const found = await underTrouble(async () => {
      await sleep(WORK_MS)
      await server.halt("immediate")
      await sleep(PAUSE_MS)
      await server.start()
    })
    expect(found).toEqual(allOnce)
  })
})

describe("what is read while the server is down", () => {
  it("is read once it is there again, from the first statement on", () =>
    Effect.gen(function* () {
      const url = yield* Effect.promise(server.newDatabase)
      yield* onLedger(
        url,
        Effect.gen(function* () {
          const entry = yield* AuditLog.use((log) => log.append(auditDraft()))
          yield* Effect.promise(() => server.halt())
          const reading = yield* Effect.forkChild(entriesOf, { startImmediately: true })
          yield* Effect.promise(server.start)
          expect(yield* Fiber.join(reading)).toEqual([entry])
        })
      )
    }).pipe(Effect.runPromise))
})

describe("a connection lost at the commit", () => {
  it.each<Cut>(["before", "after"])(
    "%s the server has heard of it: the entry is there once",
    (cut) =>
      Effect.runPromise(
        Effect.gen(function* () {
          const way = yield* Effect.acquireRelease(
            Effect.promise(async () => cutter(await server.newDatabase())),
            ({ close }) => Effect.sync(close)
          )
          yield* onLedger(
            way.url,
            Effect.gen(function* () {
              const log = yield* AuditLog
              const before = yield* log.append(auditDraft({ note: "before" }))
              // A connection names the statement to the server when it uses it first.
              yield* Effect.promise(() => server.restart())
              way.cutNext(cut)
              const intent = yield* log.append(auditDraft({ note: "cut" }))
              yield* Effect.promise(() => server.restart())
              way.cutNext(cut)
              const outcome = yield* log.append(outcomeDraft(intent.id, { note: "cut" }))
              expect(way.cuts()).toBe(2)
              expect(yield* entriesOf).toEqual([before, intent, outcome])
              expect((yield* log.verify)._tag).toBe("Intact")
            })
          )
        }).pipe(Effect.scoped)
      )
  )
})

describe("a server that does not come back", () => {
  it("fails the append within a bounded time, and says why without the credentials", () =>
    Effect.gen(function* () {
      const url = yield* Effect.promise(server.newDatabase)
      const error = yield* onLedger(
        url,
        Effect.gen(function* () {
          const log = yield* AuditLog
          yield* Effect.promise(() => server.halt())
          const append = yield* Effect.forkChild(Effect.flip(log.append(auditDraft())))
          while (append.pollUnsafe() === undefined) {
            yield* TestClock.adjust("1 second")
            yield* Effect.promise(() => new Promise((resume) => setImmediate(resume)))
          }
          return yield* Fiber.join(append)
        })
      )
      expect(error._tag).toBe("AuditUnavailable")
      const { host, password, pathname } = new URL(url)
      expect(error.detail).toContain(`${host}${pathname}`)
      expect(JSON.stringify(error)).not.toContain(decodeURIComponent(password))
      expect(JSON.stringify(error)).not.toContain(password)
      yield* Effect.promise(server.start)
      expect(yield* onLedger(url, entriesOf)).toEqual([])
    }).pipe(Effect.provide(TestClock.layer()), Effect.runPromise))
})

/** Many more appends at once than there are connections. */
const CROWD = 1_000

describe("a crowd of appends", () => {
  it("is written in turns, and leaves the readers their connections", async () => {
    const url = await server.newDatabase()
    const read = await Effect.runPromise(
      onLedger(
        url,
        Effect.gen(function* () {
          const log = yield* AuditLog
          const crowd = yield* Effect.forkChild(
            Effect.forEach(
              Array.from({ length: CROWD }),
              () => log.append(auditDraft({ kind: "rejection", outcome: "rejected" })),
              { concurrency: "unbounded" }
            )
          )
          yield* log.append(auditDraft({ kind: "rejection", outcome: "rejected" }))
          const meanwhile = (yield* entriesOf).length
          yield* Fiber.join(crowd)
          return { meanwhile, afterwards: (yield* entriesOf).length }
        })
      )
    )
    // A reader that had to wait for a connection behind the crowd would see nearly all of it.
    expect(read.meanwhile).toBeLessThan(CROWD / 2)
    expect(read.afterwards).toBe(CROWD + 1)
  })
})
