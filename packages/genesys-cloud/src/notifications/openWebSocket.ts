import { Clock, Deferred, Effect, Queue, Redacted } from "effect"
import type { Agent, IncomingMessage } from "node:http"
import type { WebSocket } from "ws"
import { retryAfterIn } from "../wire/retryAfterIn.ts"
import { MAX_FRAME_BYTES, OPENING_MS } from "./limits.ts"
import { type OpenSocket, type Socket, type SocketNews, SocketRefused } from "./Socket.ts"

/** The polite end of a WebSocket. Source: RFC 6455, section 7.4.1. */
const NORMAL_CLOSURE = 1000

const ERROR_CODE = /^[A-Z][A-Z0-9_]{2,60}$/

/** An error's code: its message may quote the address. */
const codeOf = (error: Error): string => {
  const code = "code" in error ? error.code : undefined
  return typeof code === "string" && ERROR_CODE.test(code) ? code : "no code"
}

/**
 * Node's own agent takes the way through the proxy that the environment names for addresses of `https`,
 * where it names one. A plain address is one on this machine or network, and no proxy passes it on.
 */
const proxied = (address: string): { readonly agent?: Agent } => {
  if (!address.startsWith("wss:")) return {}
  const { Agent: SecureAgent } = process.getBuiltinModule("node:https")
  return { agent: new SecureAgent({ proxyEnv: process.env }) }
}

/** Opens a WebSocket with `ws`. No redirect is followed and nothing is compressed. */
export const openWebSocket: OpenSocket = Effect.fnUntraced(function* (address) {
  const { WebSocket } = yield* Effect.promise(() => import("ws"))
  const news = yield* Queue.unbounded<SocketNews>()
  const opened = Deferred.makeUnsafe<void, SocketRefused>()
  const now = yield* Clock.currentTimeMillis
  const socket = yield* Effect.acquireRelease(
    Effect.try({
      try: () =>
        listening(
          new WebSocket(Redacted.value(address), {
            ...proxied(Redacted.value(address)),
            followRedirects: false,
            maxPayload: MAX_FRAME_BYTES,
            perMessageDeflate: false
          }),
          news,
          opened,
          now
        ),
      // What is thrown quotes the address.
      catch: () => new SocketRefused({ why: "its address cannot be read" })
    }),
    (open) =>
      Effect.sync(() => {
        open.close(NORMAL_CLOSURE)
        open.terminate()
      })
  )
  yield* Effect.timeoutOrElse(Deferred.await(opened), {
    duration: OPENING_MS,
    orElse: () => Effect.fail(new SocketRefused({ why: `it took more than ${OPENING_MS} ms` }))
  })
  const opening: Socket = {
    next: Queue.take(news),
    send: (text) =>
      Effect.sync(() => {
        // The callback takes the error of a connection that is breaking; `close` tells of that.
        if (socket.readyState === WebSocket.OPEN) socket.send(text, () => undefined)
      })
  }
  return opening
})

const listening = (
  socket: WebSocket,
  news: Queue.Queue<SocketNews>,
  opened: Deferred.Deferred<void, SocketRefused>,
  now: number
): WebSocket => {
  let failure = ""
  const refuse = (refused: SocketRefused): void => {
    Deferred.doneUnsafe(opened, Effect.fail(refused))
  }
  // Errors come before and after the opening, and even while the socket is being closed.
  socket.on("error", (error) => {
    failure = codeOf(error)
    refuse(new SocketRefused({ why: `the connection failed (${failure})` }))
  })
  socket.on("unexpected-response", (request, response) => {
    const { statusCode: status = 0 } = response
    const retryAfterMs = retryAfterIn(textsOf(response), now)
    response.resume()
    request.destroy()
    refuse(
      new SocketRefused({
        why: `the server answered ${status}`,
        status,
        ...(retryAfterMs === undefined ? {} : { retryAfterMs })
      })
    )
  })
  socket.on("open", () => Deferred.doneUnsafe(opened, Effect.void))
  socket.on("message", (data, isBinary) => {
    // `ws` gives whole messages as buffers, unless told otherwise.
    if (!isBinary && Buffer.isBuffer(data))
      Queue.offerUnsafe(news, { _tag: "Text", text: data.toString("utf8") })
  })
  socket.on("close", (code) => {
    const why = failure === "" ? `closed with ${code}` : `failed with ${failure}`
    Queue.offerUnsafe(news, {
      _tag: "Ended",
      why: `The notification channel's connection was ${why}.`
    })
    refuse(new SocketRefused({ why: "the server closed it at once" }))
  })
  return socket
}

const textsOf = ({ headers }: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === "string" ? [[name, value]] : []
    )
  )
