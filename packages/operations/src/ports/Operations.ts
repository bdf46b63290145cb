import type { AuditSource, AuditUnavailable, GatewayError } from "@campaignctl/core"
import { Context, type Effect, type Stream } from "effect"
import type {
  OperationNotControllable,
  OperationNotFound,
  OperationsUnavailable
} from "../domain/errors.ts"
import type {
  FleetSpec,
  Operation,
  OperationId,
  OperationKind,
  OperationSpec,
  OperationStatus
} from "../domain/Operation.ts"
import type { ItemStatus, OperationItem } from "../domain/OperationItem.ts"
import type { PlannedItem } from "../domain/PlannedItem.ts"

/** What is submitted. */
export interface Submission {
  /** Chosen by the submitter: the same id twice is one operation, and the second answer is the first's. */
  readonly id: OperationId
  readonly spec: OperationSpec
  readonly requestedBy: string
  readonly source: AuditSource
  readonly scheduleId?: string
  /** The divisions that whoever asks may touch; campaigns of any other are not selected. Absent: all. */
  readonly divisionIds?: ReadonlyArray<string>
}

/** Which operations to list, newest first. */
export interface OperationQuery {
  readonly statuses?: ReadonlyArray<OperationStatus>
  readonly kind?: OperationKind
  readonly scheduleId?: string
  /** Only operations that were submitted by a caller bound to no other than these divisions. */
  readonly divisionIds?: ReadonlyArray<string>
  /** Only operations older than this one. */
  readonly before?: OperationId
  readonly limit?: number
}

/** Which items of an operation, in their order. */
export interface ItemQuery {
  readonly statuses?: ReadonlyArray<ItemStatus>
  readonly afterPosition?: number
  readonly limit?: number
}

/** A fleet that is only thought through. */
export interface PlanQuery extends Pick<FleetSpec, "selector" | "change" | "order"> {
  readonly divisionIds?: ReadonlyArray<string>
}

/** Submits, shows and steers operations. Callers know operations, never the engine that runs them. */
export class Operations extends Context.Service<
  Operations,
  {
    /**
     * What a fleet would do now: every selected campaign with the verdicts that it would get, page by
     * page. Reads alone; nothing is written, to Genesys or to the ledger.
     */
    readonly plan: (
      query: PlanQuery
    ) => Stream.Stream<ReadonlyArray<PlannedItem>, GatewayError | AuditUnavailable>
    /** Durable when it returns: the operation is carried on by whichever process of the cluster is there. */
    readonly submit: (submission: Submission) => Effect.Effect<Operation, OperationsUnavailable>
    readonly get: (
      id: OperationId
    ) => Effect.Effect<Operation, OperationNotFound | OperationsUnavailable>
    readonly list: (
      query: OperationQuery
    ) => Effect.Effect<ReadonlyArray<Operation>, OperationsUnavailable>
    readonly items: (
      id: OperationId,
      query: ItemQuery
    ) => Effect.Effect<ReadonlyArray<OperationItem>, OperationNotFound | OperationsUnavailable>
    /** The operation now and after each change that is seen, until it is over. */
    readonly watch: (
      id: OperationId
    ) => Stream.Stream<Operation, OperationNotFound | OperationsUnavailable>
    /** Begins nothing new until it is resumed; what is under way is finished. Fleets alone. */
    readonly pause: (id: OperationId) => Effect.Effect<Operation, ControlError>
    readonly resume: (id: OperationId) => Effect.Effect<Operation, ControlError>
    /** Begins nothing new any more; what is under way is finished, what was done stays done. */
    readonly cancel: (id: OperationId) => Effect.Effect<Operation, ControlError>
  }
>()("@campaignctl/operations/Operations") {}

export type ControlError = OperationNotFound | OperationNotControllable | OperationsUnavailable
