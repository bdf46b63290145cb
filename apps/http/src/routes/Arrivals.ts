import type { IncomingMessage } from "node:http"
import { isUntouched } from "./Sent.ts"

/** Bodies that have not arrived yet. */
export class Arrivals {
  readonly #stops = new Set<() => void>()

  /** The next body, undefined where it breaks off; or word that nothing waits for it any more. */
  next(
    request: Request,
    from: IncomingMessage,
    length: number
  ): Promise<Uint8Array | "stopped" | undefined> {
    // What was received before its client hung up is still to be had of the request.
    if (!isUntouched(from))
      return request.arrayBuffer().then(
        (bytes) => new Uint8Array(bytes),
        () => undefined
      )
    return new Promise((resolve) => {
      const stop = () => resolve("stopped")
      this.#stops.add(stop)
      collect(from, length, (bytes) => {
        this.#stops.delete(stop)
        resolve(bytes)
      })
    })
  }

  /** Waits for none of them any more. Ends when that was answered, and its connection may be cut. */
  stop(): Promise<void> {
    for (const stop of this.#stops) stop()
    return new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}

/** A body of the length that was announced, as it arrives; undefined where it breaks off. */
const collect = (
  incoming: IncomingMessage,
  length: number,
  done: (bytes: Uint8Array | undefined) => void
): void => {
  if (length === 0) return done(new Uint8Array())
  const chunks: Array<Buffer> = []
  let missing = length
  incoming.on("data", (chunk: Buffer) => {
    missing -= chunk.length
    chunks.push(chunk)
    if (missing <= 0) done(chunks.length === 1 ? chunk : Buffer.concat(chunks))
  })
  incoming.on("close", () => done(undefined))
}
