const TWO_TO_THE_32 = 2 ** 32
/** FNV-1a, 32 bits: offset basis and prime as published. */
const FNV_OFFSET_BASIS = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** A seeded stream of numbers; the same seed gives the same stream on every machine. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  /** A number in [minimum, maximum). */
  between(minimum: number, maximum: number): number
  /** A whole number in [minimum, maximum], both included. */
  whole(minimum: number, maximum: number): number
  /** A version 4 style GUID. */
  guid(): string
  /** An independent stream; what one stream gives never depends on how often another was asked. */
  fork(label: string): Random
}

const hash = (seed: number, label: string): number => {
  let value = FNV_OFFSET_BASIS ^ seed
  for (let index = 0; index < label.length; index += 1) {
    value = Math.imul(value ^ label.charCodeAt(index), FNV_PRIME)
  }
  return value >>> 0
}

/** mulberry32: 32 bits of state, ample for a simulation and short enough to read. */
export const seededRandom = (seed: number): Random => {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / TWO_TO_THE_32
  }
  const between = (minimum: number, maximum: number): number =>
    minimum + next() * (maximum - minimum)
  const whole = (minimum: number, maximum: number): number =>
    Math.floor(between(minimum, maximum + 1))
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join("")
  return {
    next,
    between,
    whole,
    guid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${"89ab"[whole(0, 3)]}${hex(3)}-${hex(12)}`,
    fork: (label) => seededRandom(hash(seed, label))
  }
}
