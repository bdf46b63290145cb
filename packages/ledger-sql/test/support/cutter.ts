import { once } from "node:events"
import { type AddressInfo, connect, createServer, type Socket } from "node:net"

/** When the connection is lost: before the server hears of a commit, or after it, before the client does. */
export type Cut = "before" | "after"

/** A way to a server on which the next commit can be cut off. */
export interface Cutter {
  /** The same database, by this way. */
  readonly url: string
  /** Cuts the next connection on which a transaction is committed. */
  readonly cutNext: (cut: Cut) => void
  /** How many connections were cut so far. */
  readonly cuts: () => number
  readonly close: () => void
}

/** The statement, and the tag by which the server tells that it was done, as the protocol carries them. */
const COMMIT = Buffer.from("COMMIT")

/** Stands between a client and the server that `url` leads to. */
export const cutter = async (url: string): Promise<Cutter> => {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let next: Cut | undefined
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname)
    const cut = () => {
      next = undefined
      cuts += 1
      upstream.destroy()
      client.destroy()
    }
    // A prepared statement is named in full once, and by a name of its own afterwards: before the server
    // hears of it, only a connection's first commit can be told.
    client.on("data", (chunk: Buffer) => {
      if (next === "before" && chunk.includes(COMMIT)) cut()
      else upstream.write(chunk)
    })
    // The server's word that the transaction was committed.
    upstream.on("data", (chunk: Buffer) => {
      if (next === "after" && chunk.includes(COMMIT)) cut()
      else client.write(chunk)
    })
    for (const [one, other] of [
      [client, upstream],
      [upstream, client]
    ] as const) {
      sockets.add(one)
      one.on("close", () => other.destroy())
      // Its end follows, which is dealt with above.
      one.on("error", () => undefined)
    }
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const through = new URL(url)
  through.port = String((server.address() as AddressInfo).port) // it listens on a port
  return {
    url: through.href,
    cutNext: (cut) => {
      next = cut
    },
    cuts: () => cuts,
    close: () => {
      server.close()
      for (const socket of sockets) socket.destroy()
    }
  }
}
