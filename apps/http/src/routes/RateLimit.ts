/** Callers that are remembered; beyond them the ones that were full again are forgotten. */
const MOST_CALLERS = 10_000
const MS_PER_MINUTE = 60_000

/**
 * What one request costs. Every millisecond gives back as many units as a minute grants requests, so
 * that all sums are whole numbers and whoever waits as told is let in.
 */
const COST = MS_PER_MINUTE

interface Bucket {
  units: number
  at: number
}

/** Grants each caller so many requests a minute, as many at once at most. */
export class RateLimit {
  readonly #perMinute: number
  readonly #buckets = new Map<string, Bucket>()

  constructor(perMinute: number) {
    this.#perMinute = perMinute
  }

  /** Takes one request; the milliseconds to wait where none is left. */
  take(caller: string, now: number): number | undefined {
    const full = this.#perMinute * COST
    const bucket = this.#buckets.get(caller) ?? { units: full, at: now }
    bucket.units = Math.min(full, bucket.units + (now - bucket.at) * this.#perMinute)
    bucket.at = now
    if (this.#buckets.size >= MOST_CALLERS) this.#forget(now)
    this.#buckets.set(caller, bucket)
    if (bucket.units < COST) return Math.ceil((COST - bucket.units) / this.#perMinute)
    bucket.units -= COST
    return undefined
  }

  #forget(now: number): void {
    for (const [caller, { at }] of this.#buckets)
      if (now - at >= MS_PER_MINUTE) this.#buckets.delete(caller)
  }
}
