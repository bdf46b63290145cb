import { RateLimited, report, waitFor } from "@campaignctl/core"
import { Clock, Effect } from "effect"

/** Length of Genesys' rate-limit window, in milliseconds: its limits are per minute. Assumed only until a reply says when the window ends. */
const WINDOW_MS = 60_000
/** The header gives whole seconds left, so that the same window's end moves by up to this much between replies. */
const RESET_JITTER_MS = 2_000

/** What the API last said of the requests that it grants. */
export interface BudgetSeen {
  readonly used: number
  readonly allowed: number
  /** Milliseconds until the count starts anew. */
  readonly resetsInMs: number
}

/** The requests that Genesys grants one OAuth client, and the wait when they are spent. */
export interface Budget {
  /** Takes one request from the budget; waits for the next window when there is none, within the patience. */
  readonly admit: Effect.Effect<void, RateLimited>
  /** Takes one request from the budget, or fails with the wait where there is none. */
  readonly admitNow: Effect.Effect<void, RateLimited>
  /** Reads a reply's headers. */
  readonly note: (headers: Readonly<Record<string, string>>) => Effect.Effect<void>
  readonly seen: Effect.Effect<BudgetSeen | undefined>
}

interface Window {
  readonly used: number
  readonly allowed: number
  readonly resetAt: number
}

/**
 * Paces requests by `inin-ratelimit-count`, `-allowed` and `-reset`, so that a 429 is waited for
 * before it comes. Requests in flight count as used.
 */
export const makeBudget = (patienceMs: number): Budget => {
  let window: Window | undefined

  const current = (now: number): Window | undefined => {
    if (window !== undefined && now >= window.resetAt)
      window = { used: 0, allowed: window.allowed, resetAt: now + WINDOW_MS }
    return window
  }

  const admitWithin = (longestMs: number): Budget["admit"] =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const open = current(now)
      if (open === undefined) return Effect.void
      if (open.used < open.allowed) {
        window = { ...open, used: open.used + 1 }
        return Effect.void
      }
      const waitMs = open.resetAt - now
      return waitMs > longestMs
        ? Effect.fail(new RateLimited({ retryAfterMs: waitMs }))
        : Effect.andThen(waitFor("rate-limit", waitMs), admitWithin(longestMs))
    })

  const note: Budget["note"] = (headers) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const used = count(headers["inin-ratelimit-count"])
      const allowed = count(headers["inin-ratelimit-allowed"])
      const resetSeconds = count(headers["inin-ratelimit-reset"])
      // Nothing granted at all would be a wait without end: taken for a header that means something else.
      if (
        used === undefined ||
        allowed === undefined ||
        allowed === 0 ||
        resetSeconds === undefined
      )
        return Effect.void
      const resetAt = now + resetSeconds * 1_000
      const known = current(now)
      const sameWindow = known !== undefined && resetAt <= known.resetAt + RESET_JITTER_MS
      window = { used: sameWindow ? Math.max(known.used, used) : used, allowed, resetAt }
      return report({ _tag: "BudgetSeen", used: window.used, allowed })
    })

  const seen: Budget["seen"] = Effect.map(Clock.currentTimeMillis, (now) => {
    const open = current(now)
    return open === undefined
      ? undefined
      : { used: open.used, allowed: open.allowed, resetsInMs: open.resetAt - now }
  })

  return { admit: admitWithin(patienceMs), admitNow: admitWithin(0), note, seen }
}

const count = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d{1,9}$/.test(header.trim()) ? Number(header) : undefined
