import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope, Redacted } from "effect"
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { WebSocketServer } from "ws"
import { MAX_FRAME_BYTES } from "../../src/notifications/limits.ts"
import { openWebSocket } from "../../src/notifications/openWebSocket.ts"

const SECRET = "/channels/canary-channel"

/** A server of WebSockets, or of something else at their address. */
const serving = (answer: (server: Server) => void): Effect.Effect<string, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<Server>((resume) => {
        const server = createServer()
        answer(server)
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.sync(() => {
          server.closeAllConnections()
          server.close()
        })
    ),
    // A server that listens on a port has an address of this kind.
    (server) => `ws://127.0.0.1:${(server.address() as AddressInfo).port}${SECRET}`
  )

const open = (address: string) => openWebSocket(Redacted.make(address))

const refusal = (address: string) =>
  Effect.map(Effect.flip(Effect.scoped(open(address))), (refused) => {
    assert.notInclude(refused.message, "canary")
    assert.notInclude(JSON.stringify(refused), "canary")
    return refused
  })

describe("a WebSocket", () => {
  it.live("hands on what is said, says what it is told, and is closed with its scope", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const said: Array<string> = []
        let closed = 0
        const address = yield* serving((server) => {
          new WebSocketServer({ server }).on("connection", (socket) => {
            socket.on("close", (code) => void (closed = code))
            socket.on("message", (data: Buffer) => {
              said.push(data.toString("utf8"))
              socket.send(Buffer.from([1, 2, 3]))
              socket.send("hello")
              socket.send("again")
            })
          })
        })
        yield* Effect.scoped(
          Effect.gen(function* () {
            const socket = yield* open(address)
            yield* socket.send("ping")
            assert.deepStrictEqual(yield* socket.next, { _tag: "Text", text: "hello" })
            assert.deepStrictEqual(yield* socket.next, { _tag: "Text", text: "again" })
          })
        )
        assert.deepStrictEqual(said, ["ping"])
        yield* Effect.promise(async () => {
          while (closed === 0) await new Promise<void>((resolve) => void setImmediate(resolve))
        })
        assert.isAbove(closed, 0)
      })
    )
  )

  it.live("ends where the server closes it, and where a frame is too large", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const address = yield* serving((server) => {
          new WebSocketServer({ server }).on("connection", (socket) => {
            socket.on("error", () => socket.terminate())
            socket.on("message", (data: Buffer) => {
              if (data.toString("utf8") === "close") socket.close(1001, "canary")
              else socket.send("x".repeat(MAX_FRAME_BYTES + 1))
            })
          })
        })
        const closed = yield* open(address)
        yield* closed.send("close")
        const end = yield* closed.next
        assert.match(end._tag === "Ended" ? end.why : "", /closed with 1001/)
        assert.notInclude(JSON.stringify(end), "canary")
        yield* closed.send("into the void")

        const large = yield* open(address)
        yield* large.send("large")
        const cut = yield* large.next
        assert.match(cut._tag === "Ended" ? cut.why : "", /WS_ERR_UNSUPPORTED_MESSAGE_LENGTH/)
      })
    )
  )

  it.live("is refused with the server's status, and with the wait that it asks for", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const address = yield* serving((server) => {
          server.on("upgrade", (_request, socket) => {
            socket.end("HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 6\r\n\r\ncanary")
          })
        })
        const refused = yield* refusal(address)
        assert.strictEqual(refused.status, 503)
        assert.strictEqual(refused.retryAfterMs, 7_000)
      })
    )
  )

  it.live("follows no redirect", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const elsewhere = yield* serving((server) => new WebSocketServer({ server }))
        const address = yield* serving((server) => {
          server.on("upgrade", (_request, socket) => {
            socket.end(`HTTP/1.1 302 Found\r\nLocation: ${elsewhere}\r\nContent-Length: 0\r\n\r\n`)
          })
        })
        assert.strictEqual((yield* refusal(address)).status, 302)
      })
    )
  )

  it.live("goes through the proxy that the environment names", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const asked: Array<string> = []
        const proxy = yield* serving((server) => {
          server.on("connect", (request, socket) => {
            asked.push(request.url ?? "")
            socket.end("HTTP/1.1 502 No way\r\n\r\n")
          })
        })
        yield* Effect.acquireRelease(
          Effect.sync(() => {
            process.env["https_proxy"] = proxy.replace("ws:", "http:").replace(SECRET, "")
          }),
          () => Effect.sync(() => delete process.env["https_proxy"])
        )
        yield* refusal(`wss://streaming.invalid${SECRET}`)
        assert.deepStrictEqual(asked, ["streaming.invalid:443"])
      })
    )
  )

  it.live("that cannot be reached, or has no address, is refused without a word of it", () =>
    Effect.gen(function* () {
      const gone = yield* Effect.scoped(serving(() => undefined))
      assert.match((yield* refusal(gone)).message, /ECONNREFUSED/)
      assert.match((yield* refusal("canary")).message, /cannot be read/)
    })
  )
})
