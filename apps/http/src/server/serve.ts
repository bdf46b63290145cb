import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import type { CampaignApp } from "../app.ts"
import { answerBroken, onClientError } from "./brokenRequest.ts"
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  MOST_CONNECTIONS,
  MOST_HEADER_BYTES,
  MOST_HEADERS,
  REQUEST_TIMEOUT_MS,
  TIMEOUT_CHECK_MS
} from "./limits.ts"

export interface ServeOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
}

/** A service that listens. */
export interface Served {
  readonly url: string
  /**
   * Stops accepting, waits until what runs has ended or the deadline has passed, interrupts the rest
   * and waits until the ledger knows of it.
   */
  readonly close: (deadlineMs: number) => Promise<void>
}

/** Milliseconds between two looks at whether everything has ended. */
const CLOSING_LOOK_MS = 50

/** The port is taken, or may not be used. */
export class CannotListen extends Error {
  override readonly name = "CannotListen"
}

/** Lets the app listen, with limits on everything that a client may send. */
export const serve = async (app: CampaignApp, { host, port }: ServeOptions): Promise<Served> => {
  const listener = getRequestListener((request) => app.app.fetch(request), {
    errorHandler: () => {
      const { body, headers, requestId, status } = answerBroken()
      return new Response(body, { status, headers: { ...headers, "x-request-id": requestId } })
    }
  })
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS
    },
    // The listener answers every error itself; its promise never rejects.
    (incoming, outgoing) => void listener(incoming, outgoing)
  )
  server.maxConnections = MOST_CONNECTIONS
  server.maxHeadersCount = MOST_HEADERS
  server.on("clientError", onClientError)
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        new CannotListen(`${host}:${port} cannot be listened on: ${error.code ?? error.message}.`)
      )
    )
    server.listen(port, host, resolve)
  })
  // A listening TCP server has an address of this form.
  const { port: taken } = server.address() as AddressInfo
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${taken}`,
    close: async (deadlineMs) => {
      app.stop()
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      // Connections that a client keeps for its next request would keep the server too.
      const look = setInterval(() => server.closeIdleConnections(), CLOSING_LOOK_MS)
      const deadline = new Promise<void>((resolve) => {
        setTimeout(resolve, deadlineMs).unref()
      })
      await Promise.race([closed, deadline])
      clearInterval(look)
      await app.dispose()
      server.closeAllConnections()
      await closed
    }
  }
}
