import { Clock, Effect } from "effect"
import type { BudgetClass, BudgetHeard } from "../../ports/RequestBudget.ts"

/** Length of a server's window in milliseconds; Genesys limits by the minute. */
export const SERVER_WINDOW_MS = 60_000
const MILLIS_PER_SECOND = 1_000
/** What the status of a refusal is. */
const TOO_MANY = 429
const FINE = 200

/** A request as the server saw it. */
export interface Arrival {
  readonly class: BudgetClass
  readonly sentAt: number
  readonly at: number
  readonly used: number
  readonly allowed: number
  readonly status: number
  /** When the server's window ends that it was counted in. */
  readonly windowEndsAt: number
  /** When its reply was received; never where that was lost. */
  receivedAt: number
}

/** How long a request takes there and back, in milliseconds; a lost one never comes back. */
export interface Trip {
  readonly outMs: number
  readonly backMs: number
  readonly lost: boolean
}

/**
 * A server that grants so many requests in a fixed window, which its first request opens, and that
 * keeps a log. Its header gives whole seconds, rounded up.
 */
export class LimitedServer {
  readonly log: Array<Arrival> = []
  allowed: number
  #endsAt = 0
  #used = 0

  constructor(allowed: number) {
    this.allowed = allowed
  }

  /** Requests of others who use the same client. */
  others(requests: number, now: number): void {
    if (requests === 0) return
    this.#open(now)
    this.#used += requests
  }

  /** One request of ours, and what its reply says. */
  request(budgetClass: BudgetClass, trip: Trip): Effect.Effect<BudgetHeard> {
    const { backMs, lost, outMs } = trip
    return Effect.flatMap(Clock.currentTimeMillis, (sentAt) =>
      Effect.sleep(outMs).pipe(
        Effect.andThen(Clock.currentTimeMillis),
        Effect.flatMap((at) => {
          const arrival = this.#count(budgetClass, sentAt, at)
          const resetsInMs = Math.ceil((this.#endsAt - at) / MILLIS_PER_SECOND) * MILLIS_PER_SECOND
          const heard: BudgetHeard = {
            count: { used: arrival.used, allowed: arrival.allowed, resetsInMs },
            ...(arrival.status === TOO_MANY ? { refusedForMs: resetsInMs } : {})
          }
          if (lost) return Effect.never
          return Effect.sleep(backMs).pipe(
            Effect.andThen(Clock.currentTimeMillis),
            Effect.map((receivedAt) => {
              arrival.receivedAt = receivedAt
              return heard
            })
          )
        })
      )
    )
  }

  #open(now: number): void {
    if (now < this.#endsAt) return
    this.#endsAt = now + SERVER_WINDOW_MS
    this.#used = 0
  }

  #count(budgetClass: BudgetClass, sentAt: number, at: number): Arrival {
    this.#open(at)
    this.#used += 1
    const arrival = {
      class: budgetClass,
      sentAt,
      at,
      used: this.#used,
      allowed: this.allowed,
      status: this.#used > this.allowed ? TOO_MANY : FINE,
      windowEndsAt: this.#endsAt,
      receivedAt: Infinity
    }
    this.log.push(arrival)
    return arrival
  }

  /** The most requests of ours that any window of a minute saw. */
  mostInAMinute(): number {
    let most = 0
    let from = 0
    for (const [to, { at }] of this.log.entries()) {
      while ((this.log[from]?.at ?? at) <= at - SERVER_WINDOW_MS) from += 1
      most = Math.max(most, to - from + 1)
    }
    return most
  }
}
