import { type KeyHash, secretMatches } from "./apiKey.ts"
import type { Caller } from "./Caller.ts"

/** Milliseconds for which a key is remembered after the database last told of it. */
const REMEMBERED_MS = 900_000
/** Keys that are remembered: those that were seen last. */
const MOST_REMEMBERED = 1_000

interface Remembered {
  readonly caller: Caller
  readonly kept: KeyHash
  /** Milliseconds since the epoch. */
  readonly until: number
}

/**
 * The keys that the database has lately told of, for the one call that must be possible without it. Of
 * their text there is the salted hash alone.
 */
export class RememberedKeys {
  readonly #keys = new Map<string, Remembered>()

  /** @param expiresAt milliseconds since the epoch */
  remember(id: string, caller: Caller, { hash, salt }: KeyHash, expiresAt: number, now: number) {
    this.#keys.delete(id)
    this.#keys.set(id, {
      caller: { ...caller, remembered: true },
      kept: { hash, salt },
      until: Math.min(now + REMEMBERED_MS, expiresAt)
    })
    const [oldest] = this.#keys.keys()
    if (this.#keys.size > MOST_REMEMBERED && oldest !== undefined) this.#keys.delete(oldest)
  }

  /** The database does not know it any more, or as one that must not be used. */
  forget(id: string): void {
    this.#keys.delete(id)
  }

  callerOf({ id, secret }: { readonly id: string; readonly secret: string }, now: number) {
    const found = this.#keys.get(id)
    const matches = secretMatches(secret, found?.kept)
    if (found === undefined || !matches) return undefined
    if (now < found.until) return found.caller
    this.#keys.delete(id)
    return undefined
  }
}
