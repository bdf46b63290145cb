import { writeSync } from "node:fs"

/** Milliseconds to rest when a non-blocking pipe is full: short beside any reader's own pace. */
const FULL_PIPE_REST_MS = 2

const resting = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))

/** The output could not be written, a full disk for instance. A reader that is gone is no such fault. */
export class OutputUnwritable extends Error {
  override readonly name = "OutputUnwritable"
  constructor(code: unknown, cause: unknown) {
    super(`the output could not be written (${String(code)}).`, { cause })
  }
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined

/**
 * Writes the whole text to a file descriptor, or as much as its reader takes.
 *
 * By descriptor, because setting up a stream object costs a noticeable part of a short command, and
 * because a process that ends loses nothing that was written so.
 *
 * @returns whether the reader is still there.
 */
export const writeAll = (descriptor: number, text: string): boolean => {
  let rest = Buffer.from(text, "utf8")
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest))
    } catch (error) {
      const code = codeOf(error)
      if (code === "EPIPE" || code === "EBADF" || code === "EIO") return false
      if (code !== "EAGAIN") throw new OutputUnwritable(code, error)
      Atomics.wait(resting, 0, 0, FULL_PIPE_REST_MS)
    }
  }
  return true
}
