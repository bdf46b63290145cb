import type { Effect } from "effect"
import type { OperationSpec, OperationStatus } from "../domain/Operation.ts"
import type { Carrier, Overtaken } from "./Carrier.ts"

/** How an operation ended. */
export interface OperationEnd {
  readonly status: Extract<OperationStatus, "succeeded" | "partial" | "failed" | "cancelled">
  /** A sentence for a person. */
  readonly detail: string | null
  /** What the kind of operation has to tell; kept as JSON. */
  readonly report: unknown
}

/**
 * What one kind of operation does, once it has begun and whenever it is taken up again after its
 * process ended: what is in the tables is all that it may rely on.
 */
export interface OperationBody<Spec extends OperationSpec, R = never> {
  /** Whether it may be paused, and whether it may be cancelled; why not, where it may not. */
  readonly pausable: true | string
  readonly cancellable: true | string
  readonly run: (spec: Spec, carrier: Carrier) => Effect.Effect<OperationEnd, Overtaken, R>
}
