import { once } from "node:events"
import { connect, type Socket } from "node:net"

/** What is sent over and over. */
export interface RawRequest {
  readonly method: string
  readonly path: string
  readonly body?: string
}

const HEAD_END = "\r\n\r\n"
const OK = "HTTP/1.1 200 "
const LENGTH = /\r\ncontent-length: (\d+)/i

const bytesOf = ({ body, method, path }: RawRequest): Buffer =>
  Buffer.from(
    [
      `${method} ${path} HTTP/1.1`,
      "host: 127.0.0.1",
      ...(body === undefined
        ? []
        : ["content-type: application/json", `content-length: ${Buffer.byteLength(body)}`]),
      "",
      body ?? ""
    ].join("\r\n")
  )

/** Sends one request after the other, each when the one before is answered; milliseconds of each. */
const sending = (socket: Socket, bytes: Buffer, more: () => boolean, taken: Array<number>) =>
  new Promise<void>((resolve, reject) => {
    let began = 0
    let missing = 0
    const next = (): void => {
      if (!more()) return done()
      began = performance.now()
      missing = 0
      socket.write(bytes)
    }
    const done = (error?: Error): void => {
      socket.off("data", onData).off("error", done)
      if (error === undefined) resolve()
      else reject(error)
    }
    const onData = (chunk: Buffer): void => {
      if (missing === 0) {
        // The servers send the head in one piece with what follows.
        const end = chunk.indexOf(HEAD_END)
        const head = chunk.toString("latin1", 0, end)
        const length = LENGTH.exec(head)?.[1]
        if (!head.startsWith(OK) || length === undefined)
          return done(new Error(`not answered as expected: ${head}`))
        missing = end + HEAD_END.length + Number(length)
      }
      missing -= chunk.length
      if (missing > 0) return
      taken.push(performance.now() - began)
      next()
    }
    socket.on("data", onData).on("error", done)
    next()
  })

/**
 * Keeps the client's process from sleeping. To wake a sleeper on the same machine costs the server's
 * write as much as much of its own work, and falls on the slower server alone, for which the client
 * waits; a client elsewhere would not be woken by it.
 */
const stayingAwake = (): Disposable => {
  let awake = true
  const turn = (): void => {
    if (awake) setImmediate(turn)
  }
  turn()
  return {
    [Symbol.dispose]: () => {
      awake = false
    }
  }
}

/**
 * A client that does as little as one can: any other takes longer than the server that it measures,
 * which then waits for it and looks slower, or faster, than it is.
 */
export const rawClient = async (port: number, connections: number) => {
  const sockets = Array.from({ length: connections }, () =>
    connect({ port, host: "127.0.0.1", noDelay: true })
  )
  await Promise.all(sockets.map((socket) => once(socket, "connect")))
  return {
    /** Sends so many requests from all connections at once. */
    send: async (request: RawRequest, requests: number): Promise<ReadonlyArray<number>> => {
      const bytes = bytesOf(request)
      const taken: Array<number> = []
      let left = requests
      const more = (): boolean => left-- > 0
      using _awake = stayingAwake()
      await Promise.all(sockets.map((socket) => sending(socket, bytes, more, taken)))
      return taken
    },
    [Symbol.dispose]: () => {
      for (const socket of sockets) socket.destroy()
    }
  }
}
