import { createServer } from "node:http"
import type { AddressInfo } from "node:net"

/** A message as it came in. */
export interface Received {
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly type: string
}

/** A receiver of webhooks on this machine. */
export interface Receiver extends AsyncDisposable {
  readonly url: string
  readonly received: ReadonlyArray<Received>
  /** What it answers from now on: 204 at first. */
  readonly answer: (status: number) => void
}

const textOf = (value: string | ReadonlyArray<string> | undefined): string =>
  typeof value === "string" ? value : ""

/** Starts a receiver on a port of its own, or on one that was another's. */
export const startReceiver = async (port = 0): Promise<Receiver> => {
  const received: Array<Received> = []
  let status = 204
  const server = createServer((request, response) => {
    const parts: Array<Buffer> = []
    request.on("data", (part: Buffer) => parts.push(part))
    request.on("end", () => {
      const body = Buffer.concat(parts).toString("utf8")
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, textOf(value)])
      )
      const { type } = JSON.parse(body) as { readonly type: string } // CloudEvents
      received.push({ id: headers["webhook-id"] ?? "", headers, body, type })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve))
  const address = server.address() as AddressInfo // of a server that listens on TCP
  return {
    url: `http://127.0.0.1:${address.port}/hook`,
    received,
    answer: (wanted) => {
      status = wanted
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  }
}
