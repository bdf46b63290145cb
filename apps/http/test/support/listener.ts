import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { pause } from "./divided.ts"

/** Milliseconds between two looks. */
const LOOK_MS = 20

/** A message as it came. */
interface Got {
  readonly id: string
  readonly headers: Record<string, string>
  readonly body: string
}

/** A receiver in this process, which answers after a while. */
export const receiver = async (afterMs = 0) => {
  const got: Array<Got> = []
  const server = createServer((request, response) => {
    const chunks: Array<Buffer> = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.on("end", () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)])
      )
      got.push({ id: headers["webhook-id"] ?? "", headers, body: Buffer.concat(chunks).toString() })
      setTimeout(() => response.writeHead(204).end(), afterMs).unref()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  // A listening TCP server has an address of this form.
  const { port } = server.address() as AddressInfo
  return {
    got,
    port,
    url: `http://127.0.0.1:${port}/hook?key=hers`,
    [Symbol.dispose]: () => {
      server.close()
      server.closeAllConnections()
    }
  }
}

/** Looks again and again until it holds. */
export const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await pause(LOOK_MS)
}
