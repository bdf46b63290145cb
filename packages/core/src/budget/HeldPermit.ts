import { Context, Effect } from "effect"
import type { BudgetStore } from "./BudgetStore.ts"
import { monotonicMs } from "./monotonicMs.ts"

/** A permit of one request. */
export interface Permit {
  readonly id: string
}

type Take = (store: BudgetStore, now: number, longestMs: number) => Permit | undefined

/** Takes the permit that the work holds for its first request at once; none unless one was taken ahead. */
const HeldPermit = Context.Reference<Take>("@campaignctl/core/HeldPermit", {
  defaultValue: () => () => undefined
})

/** The permit that is held, where it is of this store, and a request of that length is over in time. */
export const takeHeld = (
  store: BudgetStore,
  longestMs: number
): Effect.Effect<Permit | undefined> =>
  Effect.flatMap(HeldPermit, (take) =>
    Effect.map(monotonicMs, (now) => take(store, now, longestMs))
  )

/** Holds a permit during a work, for one request that is over by then. */
export const holding = (store: BudgetStore, permit: Permit, until: number) => {
  let held: Permit | undefined = permit
  const take: Take = (of, now, longestMs) => {
    if (of !== store || now + longestMs > until) return undefined
    const taken = held
    held = undefined
    return taken
  }
  return {
    during: <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.provideService(work, HeldPermit, take),
    /** What is left when the work is over; nobody takes it any more. */
    left: (): Permit | undefined => {
      const left = held
      held = undefined
      return left
    }
  }
}
