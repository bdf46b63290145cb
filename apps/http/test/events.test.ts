import { once } from "node:events"
import { connect, type Socket } from "node:net"
import { type AuditEntry, AuditLog } from "@campaignctl/core"
import { auditDraft, memoryAuditLog, sequentialIds } from "@campaignctl/core/testing"
import { Effect, Fiber, Layer, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { eventTexts } from "../src/events/eventStream.ts"
import { followed, type Following } from "../src/events/followed.ts"
import { serve, type Served } from "../src/index.ts"
import { streamBody } from "../src/routes/streamBody.ts"
import { ledgerApp } from "./support/ledgerApp.ts"

const HOME = "22222222-2222-4222-8222-222222222222"
const AWAY = "33333333-3333-4333-8333-333333333333"
const RETRY = "retry: 2000\n\n"
const HEARTBEAT = ": still here\n\n"

const ledgerLayer = memoryAuditLog.pipe(Layer.provide(sequentialIds))
const run = <A, E>(effect: Effect.Effect<A, E, AuditLog>) =>
  Effect.runPromise(effect.pipe(Effect.provide(ledgerLayer), Effect.provide(TestClock.layer())))

const appended = (count: number, divisionId: string | null = null) =>
  Effect.gen(function* () {
    const { append } = yield* AuditLog
    for (let n = 0; n < count; n++) yield* append(auditDraft({ divisionId }))
  })

/** Follows the ledger; `texts` gives what was sent since it was last asked, after so much time. */
const following = Effect.fnUntraced(function* (
  how: Partial<Following> = {},
  stopping = () => false
) {
  const sent = yield* Queue.unbounded<string>()
  const from = followed({ query: {}, seen: undefined, newest: 0, ...how })
  const fiber = yield* eventTexts(from, stopping).pipe(
    Stream.runForEach((text) => Queue.offer(sent, text)),
    Effect.forkChild
  )
  return {
    ended: Fiber.await(fiber),
    texts: (ms: number) => Effect.andThen(TestClock.adjust(ms), Queue.clear(sent))
  }
})

const idsOf = (texts: ReadonlyArray<string>): ReadonlyArray<number> =>
  [...texts.join("").matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id))

describe("the events of the ledger", () => {
  it("come as they are appended, and a comment after each fifteen seconds of silence", () =>
    run(
      Effect.gen(function* () {
        const { texts } = yield* following()
        assert.deepStrictEqual(yield* texts(0), [RETRY])
        assert.deepStrictEqual(yield* texts(14_500), [])
        assert.deepStrictEqual(yield* texts(500), [HEARTBEAT])
        yield* appended(2)
        assert.deepStrictEqual(idsOf(yield* texts(1_000)), [1, 2])
        assert.deepStrictEqual(yield* texts(14_000), [])
        assert.deepStrictEqual(yield* texts(1_000), [HEARTBEAT])
        assert.deepStrictEqual(yield* texts(30_000), [HEARTBEAT, HEARTBEAT])
      })
    ))

  it("go on after what the client saw last", () =>
    run(
      Effect.gen(function* () {
        yield* appended(450)
        const { texts } = yield* following({ seen: 3, newest: 450 })
        const first = yield* texts(0)
        assert.deepStrictEqual(
          idsOf(first),
          Array.from({ length: 447 }, (_, n) => n + 4)
        )
        assert.notInclude(first.join(""), "event: reset")
        const { texts: none } = yield* following({ seen: 450, newest: 450 })
        assert.deepStrictEqual(yield* none(1_000), [RETRY])
      })
    ))

  it("say so where the client saw more than there is, and go on from what is there", () =>
    run(
      Effect.gen(function* () {
        yield* appended(3)
        const { texts } = yield* following({ seen: 1_000, newest: 3 })
        assert.deepStrictEqual(yield* texts(0), [
          `${RETRY}id: 3\nevent: reset\ndata: {"newest":3}\n\n`
        ])
        yield* appended(1)
        assert.deepStrictEqual(idsOf(yield* texts(1_000)), [4])
      })
    ))

  it("of a caller's divisions alone come, and others' are looked through once", () =>
    run(
      Effect.gen(function* () {
        const ledger = yield* AuditLog
        const asked: Array<number> = []
        const watched = AuditLog.of({
          ...ledger,
          query: (query) => {
            if (query.divisionIds !== undefined) asked.push(query.afterSequence ?? 0)
            return ledger.query(query)
          }
        })
        yield* Effect.gen(function* () {
          const { texts } = yield* following({ query: { divisionIds: [HOME] } })
          yield* appended(5, AWAY)
          assert.deepStrictEqual(yield* texts(10_000), [RETRY])
          yield* appended(1, HOME)
          assert.deepStrictEqual(idsOf(yield* texts(1_000)), [6])
        }).pipe(Effect.provideService(AuditLog, watched))
        assert.deepStrictEqual(asked, [0, 5])
      })
    ))

  it("end when the service does, and after a quarter of an hour", () =>
    run(
      Effect.gen(function* () {
        let stopping = false
        const told = yield* following({}, () => stopping)
        const old = yield* following()
        yield* told.texts(1_000)
        stopping = true
        yield* told.texts(500)
        yield* told.ended
        assert.strictEqual((yield* old.texts(0)).length, 1)
        assert.strictEqual((yield* old.texts(900_000)).length, 59)
        yield* old.ended
      })
    ))

  it("cost the ledger no more looks for many streams than for one", () =>
    run(
      Effect.gen(function* () {
        const ledger = yield* AuditLog
        let looks = 0
        const watched = AuditLog.of({
          ...ledger,
          query: (query) => {
            looks += 1
            return ledger.query(query)
          }
        })
        yield* Effect.gen(function* () {
          for (let n = 0; n < 100; n++) yield* following()
          yield* TestClock.adjust(10_000)
        }).pipe(Effect.provideService(AuditLog, watched))
        assert.isAtMost(looks, 21)
      })
    ))
})

describe("a stream as a response's body", () => {
  it("begins when it is read, and ends when its reader hangs up", async () => {
    const seen: Array<string> = []
    const text = Stream.unwrap(
      Effect.as(
        Effect.acquireRelease(
          Effect.sync(() => seen.push("begun")),
          () => Effect.sync(() => seen.push("ended"))
        ),
        Stream.concat(Stream.make("one"), Stream.never)
      )
    )
    const body = await Effect.runPromise(streamBody(text, () => seen.push("given back")))
    assert.deepStrictEqual(seen, [])
    const reader = body.getReader()
    assert.strictEqual(new TextDecoder().decode((await reader.read()).value), "one")
    assert.deepStrictEqual(seen, ["begun"])
    await reader.cancel()
    assert.deepStrictEqual(seen, ["begun", "given back", "ended"])
  })
})

describe("a reader who does not read", () => {
  const BYTES = 50_000
  /** Entries in one look, and looks that one reader may be held: what is written, what waits, what the kernel has. */
  const BATCH = 200
  const MOST_LOOKS = 3
  const MOST_STREAMS = 10
  let given = 0
  /** One that waits for whoever does not read, and one that soon cuts them off. */
  let served: Served
  let impatient: Served

  beforeAll(async () => {
    // A ledger without end, of entries that are large.
    const entry = (sequence: number): AuditEntry => ({
      ...auditDraft({ note: "x".repeat(BYTES) }),
      id: "",
      sequence,
      timestamp: "2026-01-01T00:00:00.000Z",
      previousHash: "",
      hash: ""
    })
    const app = ledgerApp(({ afterSequence = 1_000_000, limit = 1 }) =>
      Stream.range(1, limit).pipe(
        Stream.map((n) => {
          given += 1
          return entry(afterSequence + n)
        })
      )
    )
    served = await serve(app, { host: "127.0.0.1", port: 0 })
    impatient = await serve(app, { host: "127.0.0.1", port: 0, stalledMs: 100 })
  })
  afterAll(async () => {
    await impatient.close(0)
    await served.close(0)
  })

  const follow = async ({ url }: Served): Promise<Socket> => {
    const { hostname, port } = new URL(url)
    const socket = connect(Number(port), hostname)
    await once(socket, "connect")
    socket.on("error", () => socket.destroy())
    socket.pause()
    socket.write(`GET /v1/events HTTP/1.1\r\nHost: ${hostname}\r\nLast-Event-ID: 0\r\n\r\n`)
    return socket
  }
  /** The status that one more stream gets; one that is granted is closed. */
  const oneMore = async (method = "GET"): Promise<number> => {
    const stop = new AbortController()
    const { status } = await fetch(`${served.url}/v1/events`, { method, signal: stop.signal })
    stop.abort()
    return status
  }
  const until = async (is: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await is())) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  const untilFree = () => until(async () => (await oneMore()) === 200)

  it("is held no more for than a few looks at the ledger, and delays nobody", async () => {
    given = 0
    const stuck = await Promise.all(Array.from({ length: MOST_STREAMS }, () => follow(served)))
    await until(async () => (await oneMore()) === 429)
    await until(() => given >= MOST_STREAMS * BATCH)
    for (let n = 0; n < 20; n++)
      assert.strictEqual((await fetch(`${served.url}/healthz`)).status, 200)
    assert.isAtMost(given, MOST_STREAMS * MOST_LOOKS * BATCH)
    for (const socket of stuck) socket.destroy()
    await untilFree()
  })

  it("is cut off after a while, and gives the stream back", async () => {
    given = 0
    const stuck = await Promise.all(Array.from({ length: MOST_STREAMS }, () => follow(impatient)))
    await until(() => given >= MOST_STREAMS * BATCH)
    // Not a byte of theirs is read, and they do not hang up.
    await untilFree()
    assert.strictEqual(await oneMore(), 200)
    for (const socket of stuck) socket.destroy()
  })

  it("keeps no stream by hanging up, or by asking for its head alone", async () => {
    for (let n = 0; n < 3 * MOST_STREAMS; n++) assert.strictEqual(await oneMore("HEAD"), 200)
    for (let n = 0; n < 3; n++) {
      const stop = new AbortController()
      const all = await Promise.all(
        Array.from({ length: 3 * MOST_STREAMS }, () =>
          fetch(`${served.url}/v1/events`, { signal: stop.signal })
        )
      )
      assert.lengthOf(
        all.filter(({ status }) => status === 200),
        MOST_STREAMS
      )
      stop.abort()
      await untilFree()
    }
  })
})
