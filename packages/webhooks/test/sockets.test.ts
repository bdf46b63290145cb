import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { describe, expect, it } from "@effect/vitest"
import { Deferred, Effect, Layer, Result } from "effect"
import { parseAllowList } from "../src/address/AllowList.ts"
import { NoAnswer, Resolver, resolverLive, Transport } from "../src/index.ts"
import { ANSWER_LIMIT_BYTES, httpTransport } from "../src/transport/httpTransport.ts"
import { countingServer, httpServer } from "./support/sockets.ts"

const run = promisify(execFile)

/** Milliseconds: enough for an answer on this machine, and soon over where none comes. */
const SHORT_MS = 400

const local = Result.getOrThrow(parseAllowList("127.0.0.1"))
const send = (url: string) =>
  Transport.use((transport) => transport.send({ url, headers: { "webhook-id": "1" }, body: "{}" }))

const live = (timeLimitMs?: number) =>
  Layer.provide(
    httpTransport({ allow: local, ...(timeLimitMs === undefined ? {} : { timeLimitMs }) }),
    resolverLive
  )

describe("over real sockets", () => {
  it.live("gives the status and what Retry-After says", () =>
    Effect.gen(function* () {
      const seen: Array<string> = []
      const { port } = yield* httpServer((request, answer) => {
        request.on("data", (chunk: Buffer) => seen.push(chunk.toString()))
        request.on("end", () => answer.writeHead(429, { "retry-after": "7" }).end("busy"))
      })
      const answer = yield* send(`http://127.0.0.1:${port}/hook?token=1`)
      expect(answer).toEqual({ status: 429, retryAfter: "7" })
      expect(seen.join("")).toBe("{}")
    }).pipe(Effect.provide(live()))
  )

  it.live("never follows a redirect to where it may not go", () =>
    Effect.gen(function* () {
      const inside = yield* countingServer
      const hops: Array<string> = []
      const { port } = yield* httpServer((request, answer) => {
        hops.push(request.url ?? "")
        answer.writeHead(307, { location: `http://127.0.0.1:${inside.port}/` }).end()
      })
      expect((yield* send(`http://127.0.0.1:${port}/`)).status).toBe(307)
      expect(hops).toEqual(["/"])
      expect(inside.count()).toBe(0)
    }).pipe(Effect.provide(live()))
  )

  it.live("takes the status of an answer that never ends, and no more of it than the limit", () =>
    Effect.gen(function* () {
      let written = 0
      const { port } = yield* httpServer((_request, answer) => {
        answer.writeHead(200)
        const chunk = Buffer.alloc(16_384, 120)
        const more = (): void => {
          while (!answer.destroyed) {
            written += chunk.byteLength
            if (!answer.write(chunk)) {
              answer.once("drain", more)
              return
            }
          }
        }
        more()
      })
      expect((yield* send(`http://127.0.0.1:${port}/`)).status).toBe(200)
      // What the sockets between hold is beyond the limit, and is not read.
      expect(written).toBeLessThan(ANSWER_LIMIT_BYTES + 16 * 1_048_576)
    }).pipe(Effect.provide(live()))
  )

  it.live("takes the status of an answer that trickles on, and hangs up", () =>
    Effect.gen(function* () {
      const hungUp = yield* Deferred.make<void>()
      const { port } = yield* httpServer((_request, answer) => {
        answer.writeHead(503, { "retry-after": "1" })
        const timer = setInterval(() => answer.write("."), 20)
        answer.on("close", () => {
          clearInterval(timer)
          Deferred.doneUnsafe(hungUp, Effect.void)
        })
      })
      expect((yield* send(`http://127.0.0.1:${port}/`)).status).toBe(503)
      yield* Deferred.await(hungUp)
    }).pipe(Effect.provide(live(SHORT_MS)))
  )

  it.live("gives up where no answer begins", () =>
    Effect.gen(function* () {
      const { port } = yield* httpServer(() => undefined)
      const error = yield* Effect.flip(send(`http://127.0.0.1:${port}/`))
      expect(error).toMatchObject({ reason: "timeout" })
    }).pipe(Effect.provide(live(SHORT_MS)))
  )

  it.live("tells of a connection that breaks, and of one that cannot be made", () =>
    Effect.gen(function* () {
      const { port } = yield* countingServer
      const broken = yield* Effect.flip(send(`http://127.0.0.1:${port}/?token=hush`))
      expect(broken).toEqual(
        new NoAnswer({ reason: "unreachable", detail: "No answer: ECONNRESET." })
      )
      const none = yield* Effect.flip(send("http://127.0.0.1:1/"))
      expect(none.detail).toBe("No answer: ECONNREFUSED.")
    }).pipe(Effect.provide(live()))
  )

  it.live("hears at once where a receiver switches to another protocol", () =>
    Effect.gen(function* () {
      const { port } = yield* httpServer((_request, answer) => {
        answer.writeHead(101, { connection: "Upgrade", upgrade: "other" }).end()
      })
      const error = yield* Effect.flip(send(`http://127.0.0.1:${port}/`))
      expect(error).toMatchObject({ reason: "unreachable" })
    }).pipe(Effect.provide(live()))
  )

  it.live("connects to nothing where a name leads elsewhere than when it was checked", () =>
    Effect.gen(function* () {
      const inside = yield* countingServer
      const answers = [["93.184.215.14"], ["127.0.0.1"]]
      const rebinding = Layer.succeed(Resolver, {
        addresses: () => Effect.sync(() => answers.shift() ?? ["127.0.0.1"])
      })
      yield* Effect.gen(function* () {
        const first = yield* (yield* Resolver).addresses("hook.example.com", "dns")
        expect(first).toEqual(["93.184.215.14"])
        const error = yield* Effect.flip(send(`https://hook.example.com:${inside.port}/`))
        expect(error.reason).toBe("refused")
        expect(error.detail).toContain("127.0.0.1")
      }).pipe(Effect.provide(Layer.provideMerge(httpTransport(), rebinding)))
      expect(inside.count()).toBe(0)
    })
  )

  it.live("connects to the address that it has checked, and asks for it once", () =>
    Effect.gen(function* () {
      const inside = yield* countingServer
      let asked = 0
      const changing = Layer.succeed(Resolver, {
        addresses: () => Effect.sync(() => (asked++ === 0 ? ["127.0.0.1"] : ["10.255.255.1"]))
      })
      const error = yield* Effect.flip(send(`https://hook.example.com:${inside.port}/`)).pipe(
        Effect.provide(Layer.provide(httpTransport({ allow: local }), changing))
      )
      expect(error.reason).toBe("unreachable")
      expect(inside.count()).toBe(1)
      expect(asked).toBe(1)
    })
  )

  it.live("goes through no proxy that the environment names", () =>
    Effect.gen(function* () {
      const proxy = yield* countingServer
      const { port } = yield* httpServer((_request, answer) => answer.writeHead(204).end())
      const { stdout } = yield* Effect.promise(() =>
        run(
          process.execPath,
          [
            fileURLToPath(new URL("programs/send.ts", import.meta.url)),
            `http://127.0.0.1:${port}/`
          ],
          {
            env: {
              ...process.env,
              NODE_USE_ENV_PROXY: "1",
              HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
              http_proxy: `http://127.0.0.1:${proxy.port}`
            }
          }
        )
      )
      expect(stdout.trim()).toBe("204")
      expect(proxy.count()).toBe(0)
    })
  )
})
