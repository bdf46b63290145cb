import { createServer } from "node:http"
import type { Server } from "node:http"
import { createAdaptorServer } from "@hono/node-server"
import type { HttpBindings } from "@hono/node-server"
import type { Hono } from "hono"

/** The simulator is for this machine alone. */
const HOST = "127.0.0.1"

/** A port that was asked for is taken by another process, or not allowed. */
export class PortBusy extends Error {
  override readonly name = "PortBusy"
  readonly port: number

  constructor(port: number, cause: unknown) {
    super(
      `Port ${port} on ${HOST} cannot be used: another program has it. Choose another one, or 0 for any free port.`,
      { cause }
    )
    this.port = port
  }
}

export interface Listener {
  readonly server: Server
  readonly url: string
}

interface ListenRequest {
  readonly app: Hono<{ Bindings: HttpBindings }>
  readonly port: number
}

/** Longer than any client of a test idles between requests, so that a kept connection is not closed under it. */
const KEEP_ALIVE_MILLISECONDS = 65_000

const hasCode = (error: unknown, codes: ReadonlyArray<string>): boolean =>
  error instanceof Error && "code" in error && codes.some((code) => code === error.code)

const listenOne = ({ app, port }: ListenRequest): Promise<Listener> =>
  new Promise((resolve, reject) => {
    // The adaptor answers the union of its server kinds; with node:http's own factory it is a Server.
    const server = createAdaptorServer({ fetch: app.fetch, createServer }) as Server
    server.keepAliveTimeout = KEEP_ALIVE_MILLISECONDS
    server.once("error", (error) =>
      reject(hasCode(error, ["EADDRINUSE", "EACCES"]) ? new PortBusy(port, error) : error)
    )
    server.listen(port, HOST, () => {
      const address = server.address()
      const actual = typeof address === "object" && address !== null ? address.port : port
      resolve({ server, url: `http://${HOST}:${actual}` })
    })
  })

const closeOne = ({ server }: Listener): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })

export const closeAll = async (listeners: ReadonlyArray<Listener>): Promise<void> => {
  await Promise.all(listeners.map(closeOne))
}

/** Opens all listeners, or none. */
export const listen = async (
  requests: ReadonlyArray<ListenRequest>
): Promise<ReadonlyArray<Listener>> => {
  const opened: Array<Listener> = []
  try {
    for (const request of requests) opened.push(await listenOne(request))
    return opened
  } catch (error) {
    await closeAll(opened)
    throw error
  }
}
