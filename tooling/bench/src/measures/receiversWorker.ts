import { createServer } from "node:http"
import { once } from "node:events"

/** What the worker says when it listens: a port for each receiver. */
export type Listening = ReadonlyArray<number>

// A process of its own, so that receiving costs the sender nothing but the sockets.
const receivers = Number(process.argv[2])
let received = 0
let wanted = Number.POSITIVE_INFINITY

const tell = (): void => {
  if (received < wanted) return
  wanted = Number.POSITIVE_INFINITY
  process.send?.(received)
}

const ports: Array<number> = []
for (let n = 0; n < receivers; n++) {
  const server = createServer((request, answer) => {
    request.resume()
    request.on("end", () => {
      answer.writeHead(204).end()
      received += 1
      tell()
    })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  ports.push(typeof address === "object" && address !== null ? address.port : 0)
}

process.on("message", (total: number) => {
  wanted = total
  tell()
})
process.on("disconnect", () => process.exit())
process.send?.(ports)
