/** Milliseconds to wait for what another process does. */
const PATIENCE_MS = 60_000
/** Milliseconds between two looks. */
const LOOK_EVERY_MS = 100

/** Looks again and again until what is seen is as it should be; gives what was seen last, whatever it is. */
export const until = async <A>(
  look: () => A | Promise<A>,
  holds: (seen: A) => boolean
): Promise<A> => {
  const end = Date.now() + PATIENCE_MS
  for (;;) {
    const seen = await look()
    if (holds(seen) || Date.now() > end) return seen
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}
