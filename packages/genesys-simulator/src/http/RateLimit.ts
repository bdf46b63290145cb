/** Requests a minute for one client-credentials token. Source: Genesys Cloud limits, client.credentials.token.rate.per.minute. */
export const DEFAULT_RATE_PER_MINUTE = 300
const WINDOW_MILLISECONDS = 60_000

export interface RateState {
  readonly count: number
  readonly allowed: number
  /** Whole seconds until the window ends, at least one. */
  readonly resetSeconds: number
  readonly exceeded: boolean
}

interface Window {
  readonly endsAt: number
  count: number
}

/** A fixed window of one minute for each token, opened by its first request. */
export class RateLimit {
  readonly #windows = new Map<string, Window>()
  /** Requests a minute; `undefined` switches the limit off. */
  allowed: number | undefined

  constructor(allowed: number | undefined) {
    this.allowed = allowed
  }

  count(token: string, now: number): RateState | undefined {
    if (this.allowed === undefined) return undefined
    let window = this.#windows.get(token)
    if (window === undefined || now >= window.endsAt) {
      window = { endsAt: now + WINDOW_MILLISECONDS, count: 0 }
      this.#windows.set(token, window)
    }
    window.count += 1
    return {
      count: window.count,
      allowed: this.allowed,
      resetSeconds: Math.max(1, Math.ceil((window.endsAt - now) / 1000)),
      exceeded: window.count > this.allowed
    }
  }

  /** Opens a fresh window for every token. */
  reset(): void {
    this.#windows.clear()
  }
}

export const rateHeaders = (state: RateState): Readonly<Record<string, string>> => ({
  "inin-ratelimit-count": String(state.count),
  "inin-ratelimit-allowed": String(state.allowed),
  "inin-ratelimit-reset": String(state.resetSeconds)
})
