import { once } from "node:events"
import { createServer } from "node:net"

/**
 * Below the ports that systems give to outgoing connections (from 32,768 on Linux, 49,152 on a Mac), so
 * that none of those takes it while the server is down. Source: ip(7), ip_local_port_range.
 */
const LOWEST = 20_000
const HIGHEST = 32_000
const TRIES = 50

const isFree = async (port: number): Promise<boolean> => {
  const server = createServer()
  const failed = once(server, "error").then(() => false)
  const listening = once(server.listen(port, "127.0.0.1"), "listening").then(() => true)
  const free = await Promise.race([failed, listening])
  server.close()
  return free
}

/** A port of this machine that nobody listens on. */
export const freePort = async (): Promise<number> => {
  for (let tried = 0; tried < TRIES; tried++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST))
    if (await isFree(port)) return port
  }
  throw new Error(`None of ${TRIES} ports between ${LOWEST} and ${HIGHEST} was free.`)
}
