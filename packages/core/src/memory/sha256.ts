/**
 * SHA-256 in plain TypeScript, for the in-memory ledger alone. Source: FIPS 180-4.
 *
 * The platform's own hash is either not importable here or answers asynchronously, and a ledger that
 * waits for a promise cannot be driven by a test clock. Adapters that store anything use the platform's.
 */

const BLOCK_BYTES = 64
const LENGTH_BYTES = 8
const ROUNDS = 64
const DIGEST_WORDS = 8
/** 2^32: a fraction of a root becomes a word by it. */
const WORD = 2 ** 32

const primes = (count: number): ReadonlyArray<number> => {
  const found: Array<number> = []
  for (let n = 2; found.length < count; n++)
    if (found.every((prime) => n % prime !== 0)) found.push(n)
  return found
}

const fraction = (value: number): number => ((value - Math.floor(value)) * WORD) | 0

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const CONSTANTS = Int32Array.from(primes(ROUNDS), (prime) => fraction(Math.cbrt(prime)))
/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL = Int32Array.from(primes(DIGEST_WORDS), (prime) => fraction(Math.sqrt(prime)))

/** Inside its length a typed array has no holes; the compiler does not know. */
const word = (words: Int32Array, at: number): number => words[at] ?? 0

const rotate = (bits: number, by: number): number => (bits >>> by) | (bits << (32 - by))

const padded = (text: string): DataView => {
  const bytes = new TextEncoder().encode(text)
  const blocks = Math.ceil((bytes.length + 1 + LENGTH_BYTES) / BLOCK_BYTES)
  const message = new Uint8Array(blocks * BLOCK_BYTES)
  message.set(bytes)
  message[bytes.length] = 0x80
  const view = new DataView(message.buffer)
  view.setBigUint64(message.length - LENGTH_BYTES, BigInt(bytes.length) * 8n)
  return view
}

/** SHA-256 of the text's UTF-8 bytes, as 64 lower-case hexadecimal digits. */
export const sha256 = (text: string): string => {
  const message = padded(text)
  const digest = Int32Array.from(INITIAL)
  const schedule = new Int32Array(ROUNDS)
  for (let block = 0; block < message.byteLength; block += BLOCK_BYTES) {
    for (let t = 0; t < 16; t++) schedule[t] = message.getInt32(block + t * 4)
    for (let t = 16; t < ROUNDS; t++) {
      const [early, late] = [word(schedule, t - 15), word(schedule, t - 2)]
      const s0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3)
      const s1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10)
      schedule[t] = word(schedule, t - 16) + s0 + word(schedule, t - 7) + s1
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = digest
    for (let t = 0; t < ROUNDS; t++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + word(CONSTANTS, t) + word(schedule, t)) | 0
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    for (const [at, value] of [a, b, c, d, e, f, g, h].entries())
      digest[at] = word(digest, at) + value
  }
  return Array.from(digest, (word) => (word >>> 0).toString(16).padStart(8, "0")).join("")
}
