/** Milliseconds that the engine may take to let go of what it owns: its own longest, where requests have less. */
const LETTING_GO_MS = 15_000
/** Milliseconds for the rest of the shutdown. With the default deadline it is over before Kubernetes kills. */
const REST_MS = 4_000

/**
 * Milliseconds after which a shutdown that does not end by itself is ended: whatever supervises the
 * process must wait longer. Of the deadline for what is running, in milliseconds.
 */
export const longestShutdownMs = (shutdownMs: number): number =>
  Math.max(shutdownMs, LETTING_GO_MS) + REST_MS
