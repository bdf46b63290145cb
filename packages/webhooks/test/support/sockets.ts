import { createServer, type RequestListener } from "node:http"
import { createServer as createNetServer } from "node:net"
import { Effect } from "effect"

/** A server of the test's own on this machine; closed with the scope, whatever it is still sending. */
export const httpServer = (answer: RequestListener) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly port: number; readonly close: () => void }>((resume) => {
      const server = createServer(answer)
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(
          Effect.succeed({
            port,
            close: () => {
              server.close()
              server.closeAllConnections()
            }
          })
        )
      })
    }),
    ({ close }) => Effect.sync(close)
  )

/** Counts the connections that are made to it, and ends each. */
export const countingServer = Effect.acquireRelease(
  Effect.callback<{
    readonly port: number
    readonly count: () => number
    readonly close: () => void
  }>((resume) => {
    let connections = 0
    const server = createNetServer((socket) => {
      connections += 1
      socket.on("error", () => undefined)
      socket.destroy()
    })
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      const port = typeof address === "object" && address !== null ? address.port : 0
      resume(Effect.succeed({ port, count: () => connections, close: () => void server.close() }))
    })
  }),
  ({ close }) => Effect.sync(close)
)
