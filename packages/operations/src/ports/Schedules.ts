import type { AuditSource, AuditUnavailable, RequestInvalid } from "@campaignctl/core"
import { Context, type Effect } from "effect"
import type { OperationsUnavailable } from "../domain/errors.ts"
import type { ScheduleNotFound } from "../domain/ScheduleNotFound.ts"
import type { OperationId } from "../domain/Operation.ts"
import type { ScheduleWarning } from "../schedules/readSchedule.ts"
import type { Schedule } from "../schedules/Schedule.ts"
import type { HolidayLists } from "../schedules/Timetable.ts"

/** What became of one firing, or of one that was missed. */
export interface Firing {
  /** The instant at which it was due. ISO 8601 in UTC, milliseconds. */
  readonly dueAt: string
  /** `fired`: an operation was submitted. `skipped`: nothing was done, and `detail` says why. */
  readonly result: "fired" | "skipped"
  readonly operationId: OperationId | null
  /** A sentence for a person. */
  readonly detail: string | null
}

/** A schedule with what it will do and did. */
export interface ScheduleView {
  readonly schedule: Schedule
  /** ISO 8601 in UTC, milliseconds; null where it will not fire again. */
  readonly nextAt: string | null
  readonly lastFiring: Firing | null
  /** The declarative file that it comes from; null where it was added by hand. */
  readonly managedBy: string | null
  /** Why it does not fire as things are, such as a holiday list that is gone; null where nothing keeps it from that. */
  readonly problem: string | null
}

/** Whom an answer is for. */
export interface BoundTo {
  /** The divisions that whoever asks may touch; a schedule that reaches beyond is not there for them. Absent: all. */
  readonly divisionIds?: ReadonlyArray<string>
}

/** Who changes the schedules, as the ledger is to tell. */
export interface AskedBy extends BoundTo {
  readonly requestedBy: string
  readonly source: AuditSource
}

/** A schedule that somebody wants. Its firings change campaigns in the submitter's divisions alone. */
export interface ScheduleSubmission extends AskedBy {
  /** A `ScheduleDraft` that nobody has looked at yet. */
  readonly draft: unknown
  readonly managedBy?: string
}

/**
 * Keeps schedules, and fires them while a process of the cluster runs. Each change of them is in the
 * ledger, or is not made.
 */
export class Schedules extends Context.Service<
  Schedules,
  {
    /** The dates by whose names schedules may refer to them. */
    readonly holidayLists: HolidayLists
    /** Durable when it returns. A name is taken once. */
    readonly add: (
      submission: ScheduleSubmission
    ) => Effect.Effect<
      { readonly view: ScheduleView; readonly warnings: ReadonlyArray<ScheduleWarning> },
      RequestInvalid | AuditUnavailable | OperationsUnavailable
    >
    /**
     * Puts it in the place of the schedule that has its name, under the same id. What was due by then is
     * settled first, as the schedule was: no stop is lost by an edit, nor is one while it is made.
     */
    readonly replace: (
      submission: ScheduleSubmission
    ) => Effect.Effect<
      { readonly view: ScheduleView; readonly warnings: ReadonlyArray<ScheduleWarning> },
      RequestInvalid | ScheduleNotFound | AuditUnavailable | OperationsUnavailable
    >
    /** By name. */
    readonly list: (
      query: BoundTo & { readonly managedBy?: string }
    ) => Effect.Effect<ReadonlyArray<ScheduleView>, OperationsUnavailable>
    /** By id or by name. */
    readonly get: (
      idOrName: string,
      bound?: BoundTo
    ) => Effect.Effect<ScheduleView, ScheduleNotFound | OperationsUnavailable>
    /** Removes it: what it has submitted goes on, what is to come does not. */
    readonly remove: (
      idOrName: string,
      by: AskedBy
    ) => Effect.Effect<ScheduleView, ScheduleNotFound | AuditUnavailable | OperationsUnavailable>
    /** Its next instants, the first `limit` of them. ISO 8601 in UTC, milliseconds. */
    readonly next: (
      idOrName: string,
      limit: number,
      bound?: BoundTo
    ) => Effect.Effect<ReadonlyArray<string>, ScheduleNotFound | OperationsUnavailable>
    /** What it did, the newest first. */
    readonly firings: (
      idOrName: string,
      limit: number,
      bound?: BoundTo
    ) => Effect.Effect<ReadonlyArray<Firing>, ScheduleNotFound | OperationsUnavailable>
  }
>()("@campaignctl/operations/Schedules") {}
