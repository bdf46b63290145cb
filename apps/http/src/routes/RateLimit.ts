/** Callers that are remembered, so that no number of them fills the memory; beyond them whoever has not called for longest is forgotten. */
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

  /** The callers that are remembered. */
  get size(): number {
    return this.#buckets.size
  }

  /** Takes one request; the milliseconds to wait where none is left. */
  take(caller: string, now: number): number | undefined {
    const bucket = this.#filled(caller, now)
    // The map keeps the order of insertion: whoever called last comes last.
    this.#buckets.delete(caller)
    this.#buckets.set(caller, bucket)
    if (this.#buckets.size > MOST_CALLERS) this.#forgetOldest()
    const wait = this.#waitOf(bucket)
    if (wait === undefined) bucket.units -= COST
    return wait
  }

  /** The milliseconds to wait where no request is left. Takes none. */
  look(caller: string, now: number): number | undefined {
    return this.#buckets.has(caller) ? this.#waitOf(this.#filled(caller, now)) : undefined
  }

  #filled(caller: string, now: number): Bucket {
    const full = this.#perMinute * COST
    const bucket = this.#buckets.get(caller) ?? { units: full, at: now }
    // A clock that was set back takes nothing away.
    const elapsed = Math.max(0, now - bucket.at)
    bucket.units = Math.min(full, bucket.units + elapsed * this.#perMinute)
    bucket.at = now
    return bucket
  }

  #waitOf({ units }: Bucket): number | undefined {
    return units < COST ? Math.ceil((COST - units) / this.#perMinute) : undefined
  }

  #forgetOldest(): void {
    const [oldest] = this.#buckets.keys()
    if (oldest !== undefined) this.#buckets.delete(oldest)
  }
}
