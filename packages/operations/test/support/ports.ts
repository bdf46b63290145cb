import { once } from "node:events"
import { createServer } from "node:net"

/** Ports of 127.0.0.1 that are free now, all different. */
export const freePorts = async (count: number): Promise<ReadonlyArray<number>> => {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1")
      await once(server, "listening")
      return server
    })
  )
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address()
      server.close()
      await once(server, "close")
      if (address === null || typeof address === "string") throw new Error("no port was given")
      return address.port
    })
  )
}
