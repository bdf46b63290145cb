/** Streams that one caller may keep open. */
export const MOST_STREAMS = 10

const open = new Map<string, number>()

/** Takes one of the caller's streams; what gives it back, or undefined where none is left. */
export const takeStream = (caller: string): (() => void) | undefined => {
  const taken = open.get(caller) ?? 0
  if (taken >= MOST_STREAMS) return undefined
  open.set(caller, taken + 1)
  return () => {
    const left = (open.get(caller) ?? 1) - 1
    if (left === 0) open.delete(caller)
    else open.set(caller, left)
  }
}
