import { createServer, IncomingMessage, type ServerResponse } from "node:http"
import type { Http2ServerRequest } from "node:http2"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import type { CampaignApp } from "../app.ts"
import { answerBroken, onClientError, refuse } from "./brokenRequest.ts"
import { guardedFetch } from "./guardedFetch.ts"
import {
  HEADERS_TIMEOUT_MS,
  KEEP_ALIVE_MS,
  MOST_CONNECTIONS,
  MOST_HEADER_BYTES,
  REQUEST_TIMEOUT_MS,
  STALLED_MS,
  TIMEOUT_CHECK_MS
} from "./limits.ts"
import { refusedHeaders } from "./refusedHeaders.ts"
import type { Sent } from "../routes/Sent.ts"
import { DEFAULT_RATE_PER_MINUTE } from "../routes/Deployment.ts"

export interface ServeOptions {
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /**
   * Requests a minute that one address may make without a credential that is accepted; the default of
   * a caller's where absent, no limit where null.
   */
  readonly ratePerMinute?: number | null
  /** Milliseconds after which a client that takes nothing of its answer is cut off. */
  readonly stalledMs?: number
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

/** Why it cannot be listened, with what to do. */
const WHY_NOT: Readonly<Record<string, string>> = {
  EADDRINUSE:
    "another program has the port. End it, or set CAMPAIGNCTL_HTTP_PORT to another one (0 takes a free one).",
  EACCES:
    "this user may not take the port. Set CAMPAIGNCTL_HTTP_PORT to one above 1023 (0 takes a free one).",
  EADDRNOTAVAIL:
    "this machine has no such address. Set CAMPAIGNCTL_HTTP_HOST to one that it has, such as 127.0.0.1."
}

const whyNot = ({ code = "", message }: NodeJS.ErrnoException): string =>
  WHY_NOT[code] ?? `${code === "" ? message : code}.`

/** The port is taken, or may not be used. */
export class CannotListen extends Error {
  override readonly name = "CannotListen"
}

/** Cuts off a client that has taken nothing of its answer: what is held for it would be held for ever. */
const cutWhenStalled = (outgoing: ServerResponse, stalledMs: number): void => {
  outgoing.setTimeout(stalledMs, () => {
    if (outgoing.writableLength > 0 || outgoing.writableNeedDrain) outgoing.destroy()
  })
}

/** Has the app answer what Node's own server was sent, which it reads faster than any request. */
export const nodeFetch =
  ({ app }: CampaignApp) =>
  (request: Request, incoming: IncomingMessage | Http2ServerRequest) =>
    app.fetch(
      request,
      incoming instanceof IncomingMessage ? ({ request, incoming } satisfies Sent) : {}
    )

/** Lets the app listen, with limits on everything that a client may send. */
export const serve = async (
  app: CampaignApp,
  { host, port, ratePerMinute = DEFAULT_RATE_PER_MINUTE, stalledMs = STALLED_MS }: ServeOptions
): Promise<Served> => {
  const fetch = nodeFetch(app)
  const guarded = ratePerMinute === null ? fetch : guardedFetch(fetch, ratePerMinute)
  const listener = getRequestListener((request, { incoming }) => guarded(request, incoming), {
    errorHandler: () => {
      const { body, headers, status } = answerBroken()
      return new Response(body, { status, headers })
    }
  })
  const server = createServer(
    {
      maxHeaderSize: MOST_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Node would refuse a request without one in words of its own; the listener refuses it in ours.
      requireHostHeader: false
    },
    (incoming, outgoing) => {
      const refused = refusedHeaders(incoming)
      if (refused !== undefined) return refuse(outgoing, refused)
      cutWhenStalled(outgoing, stalledMs)
      // The listener answers every error itself; its promise never rejects.
      void listener(incoming, outgoing)
    }
  )
  server.maxConnections = MOST_CONNECTIONS
  // Node would leave out what is beyond its own count.
  server.maxHeadersCount = 0
  server.on("clientError", onClientError)
  // What a client expects beside 100-continue nobody here can do.
  server.on("checkExpectation", (_, outgoing) => refuse(outgoing, answerBroken()))
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(new CannotListen(`${host}:${port} cannot be listened on: ${whyNot(error)}`))
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
      await Promise.race([closed.then(app.halted), deadline])
      clearInterval(look)
      await app.dispose()
      server.closeAllConnections()
      await closed
    }
  }
}
