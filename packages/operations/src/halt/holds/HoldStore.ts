import { Context, type Effect } from "effect"
import type { OperationsUnavailable } from "../../domain/errors.ts"
import type { HoldRecord, NewHold } from "./HoldRecord.ts"

/** Which holds to list, newest first. */
export interface HoldQuery {
  readonly name?: string
  /** Only those that hold, or only those that were lifted. */
  readonly active?: boolean
  readonly limit?: number
}

/** How a hold is lifted. */
export interface Lift {
  readonly liftedBy: string
  readonly liftedAt: string
  readonly note: string | null
  /** Of the entry in the ledger, which is written first. */
  readonly sequence: number
}

/** Keeps the holds, those that were lifted too. Whatever succeeds is durable. */
export class HoldStore extends Context.Service<
  HoldStore,
  {
    /** Raises a hold. One of the same name and scope that holds already is joined: it is what comes back. */
    readonly raise: (hold: NewHold) => Effect.Effect<HoldRecord, OperationsUnavailable>
    /** Writes down where in the ledger the raising is told. */
    readonly recorded: (id: string, sequence: number) => Effect.Effect<void, OperationsUnavailable>
    /** Lifts one hold; without effect where it was lifted already. */
    readonly lift: (id: string, lift: Lift) => Effect.Effect<void, OperationsUnavailable>
    readonly list: (
      query: HoldQuery
    ) => Effect.Effect<ReadonlyArray<HoldRecord>, OperationsUnavailable>
  }
>()("@campaignctl/operations/HoldStore") {}
