/** Callers that are remembered; beyond them the ones that were full again are forgotten. */
const MOST_CALLERS = 10_000
const MS_PER_MINUTE = 60_000

interface Bucket {
  tokens: number
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
    const bucket = this.#buckets.get(caller) ?? { tokens: this.#perMinute, at: now }
    const refilled = ((now - bucket.at) * this.#perMinute) / MS_PER_MINUTE
    bucket.tokens = Math.min(this.#perMinute, bucket.tokens + refilled)
    bucket.at = now
    if (this.#buckets.size >= MOST_CALLERS) this.#forget(now)
    this.#buckets.set(caller, bucket)
    if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * MS_PER_MINUTE) / this.#perMinute)
    bucket.tokens -= 1
    return undefined
  }

  #forget(now: number): void {
    for (const [caller, { at }] of this.#buckets)
      if (now - at >= MS_PER_MINUTE) this.#buckets.delete(caller)
  }
}
