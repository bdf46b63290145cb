import { Context, Effect } from "effect"
import type { BudgetStore } from "./BudgetStore.ts"
import { monotonicMs } from "./monotonicMs.ts"

/** A permit of one request. */
export interface Permit {
  readonly id: string
}

/** What the work holds. */
interface Held {
  /** Whether a request of that length may be sent now under a permit of this store. */
  readonly isFor: (store: BudgetStore, now: number, longestMs: number) => boolean
  readonly take: () => Permit | undefined
}

/** Nothing is held unless a permit was taken ahead. */
const HeldPermit = Context.Reference<Held>("@campaignctl/core/HeldPermit", {
  defaultValue: () => ({ isFor: () => false, take: () => undefined })
})

/** Whether the work holds a permit for such a request. */
export const holdsFor = (store: BudgetStore, longestMs: number): Effect.Effect<boolean> =>
  Effect.flatMap(HeldPermit, ({ isFor }) =>
    Effect.map(monotonicMs, (now) => isFor(store, now, longestMs))
  )

/** Takes the permit that is held for such a request, where there is one. */
export const takeHeld = (
  store: BudgetStore,
  longestMs: number
): Effect.Effect<Permit | undefined> =>
  Effect.flatMap(HeldPermit, ({ isFor, take }) =>
    Effect.map(monotonicMs, (now) => (isFor(store, now, longestMs) ? take() : undefined))
  )

/** Holds a permit during a work until a time, for one request of that length at most. */
export const holding = (store: BudgetStore, permit: Permit, until: number, mostMs: number) => {
  let held: Permit | undefined = permit
  const take = (): Permit | undefined => {
    const taken = held
    held = undefined
    return taken
  }
  const isFor: Held["isFor"] = (of, now, longestMs) =>
    held !== undefined && of === store && now <= until && longestMs <= mostMs
  return {
    during: <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
      Effect.provideService(work, HeldPermit, { isFor, take }),
    /** What is left when the work is over; nobody takes it any more. */
    left: take
  }
}
