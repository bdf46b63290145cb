import type { Effect } from "effect"
import type { Admission, BudgetClass, BudgetHeard, BudgetSeen } from "../ports/RequestBudget.ts"
import type { BudgetPolicy } from "./BudgetPolicy.ts"
import type { Wait } from "./playTurn.ts"

/** A request that waits in this process. */
export interface Waiting extends Pick<Admission, "class" | "longestMs" | "atOnce"> {
  readonly waitedMs: number
}

/** A permit that is done with. */
export interface Over {
  readonly id: string
  readonly agoMs: number
  /** What the reply said, where one came. */
  readonly heard?: BudgetHeard
  /** No request was sent under it. */
  readonly unused: boolean
}

/** What a turn gives to those who wait in this process. */
export interface Turn {
  /** Whom of those who wait, by their place in the list, with the permit's id. */
  readonly granted: ReadonlyArray<{ readonly place: number; readonly id: string }>
  /** When a further request of each class could go. */
  readonly waits: Readonly<Record<BudgetClass, Wait>>
  /** Milliseconds after which to ask again for those who still wait. */
  readonly againInMs: number | undefined
  readonly seen: BudgetSeen | undefined
}

/**
 * Where the permits of a budget are counted: in this process's memory, or in a database that several
 * processes share.
 */
export interface BudgetStore {
  readonly policy: BudgetPolicy
  /**
   * Takes back what is over, then gives out what is free, in one step. It fails never: a store that
   * cannot be reached gives what may be given without it, and keeps what is over for later.
   */
  readonly turn: (
    /** In the order in which they came. */
    waiting: ReadonlyArray<Waiting>,
    over: ReadonlyArray<Over>
  ) => Effect.Effect<Turn>
  /** Milliseconds for which what is over may be kept back while nobody waits. */
  readonly laterMs: number
}
