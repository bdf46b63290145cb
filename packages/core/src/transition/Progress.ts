import { Context, Effect } from "effect"
import type { Campaign } from "../campaign/Campaign.ts"
import type { CampaignState } from "../campaign/State.ts"
import type { Decision } from "../decision/decide.ts"
import type { TargetState } from "../campaign/State.ts"
import type { GatewayError } from "../errors/errors.ts"
import type { WaitReason } from "../budget/Law.ts"
import type { BudgetClass } from "../ports/RequestBudget.ts"
import type { AuditEntry } from "../ledger/AuditEntry.ts"

/** Why a run waits. */
export type WaitCause = "rate-limit" | "conflict" | "unavailable" | "drain"

/** How a wait for a drain ended; `awaitDrain` says what each means. */
export type DrainEnd = "Drained" | "StillDraining" | "Resumed" | "NotShown"

/** What happens in a run, as it happens, for people and telemetry to follow. */
export type ProgressEvent =
  | { readonly _tag: "Observed"; readonly campaign: Campaign; readonly state: CampaignState }
  | { readonly _tag: "Decided"; readonly campaign: Campaign; readonly decision: Decision }
  | { readonly _tag: "IntentRecorded"; readonly campaign: Campaign; readonly sequence: number }
  | { readonly _tag: "Sending"; readonly campaign: Campaign; readonly attempt: number }
  | {
      readonly _tag: "AttemptFailed"
      readonly campaign: Campaign
      readonly attempt: number
      readonly error: GatewayError
    }
  | { readonly _tag: "ReadBack"; readonly campaign: Campaign; readonly shown: boolean }
  | { readonly _tag: "Waiting"; readonly cause: WaitCause; readonly delayMs: number }
  | {
      readonly _tag: "DrainPolled"
      readonly campaign: Campaign
      readonly outstandingCalls: number | undefined
      readonly waitedMs: number
    }
  | { readonly _tag: "DrainEnded"; readonly result: DrainEnd; readonly waitedMs: number }
  /** An entry is in the ledger, durable; `tookMs` is how long that took. */
  | { readonly _tag: "Recorded"; readonly entry: AuditEntry; readonly tookMs: number }
  /** What the last reply said of the requests that Genesys grants. */
  | {
      readonly _tag: "BudgetSeen"
      readonly used: number
      readonly allowed: number
      /** Of those allowed, the ones kept for halts. */
      readonly kept: number
    }
  /** A request was admitted by the budget, after a wait or without. */
  | {
      readonly _tag: "BudgetTaken"
      readonly class: BudgetClass
      readonly waitedMs: number
      readonly reason: WaitReason
    }
  /** An operation is over. */
  | { readonly _tag: "OperationEnded"; readonly kind: string; readonly status: string }
  /** Something has come of campaigns of an operation. */
  | {
      readonly _tag: "ItemsEnded"
      readonly kind: string
      readonly status: string
      readonly count: number
    }
  /** A halt is over; milliseconds from its beginning, null where it did not come to that. */
  | {
      readonly _tag: "HaltEnded"
      readonly firstStopMs: number | null
      readonly lastAcceptMs: number | null
      readonly noNewDialsMs: number | null
      readonly drainedMs: number | null
    }
  /** The guard has looked at everything under its care, or could not. */
  | { readonly _tag: "GuardLooked"; readonly looked: boolean; readonly tookMs: number }
  /**
   * Of how many campaigns the watch hears every change, and how many only its lists show. Told by the
   * process whose turn the watch is; twice nothing when the turn ends.
   */
  | { readonly _tag: "WatchSeen"; readonly heard: number; readonly listed: number }
  /** A message was sent to a receiver of webhooks, and what follows from it. */
  | {
      readonly _tag: "MessageSent"
      /** Whether it was delivered, is tried again, or is given up. */
      readonly result: "delivered" | "again" | "dead"
      readonly tookMs: number
    }
  /** Who carries operations on, as this process sees it. */
  | {
      readonly _tag: "ClusterSeen"
      readonly runners: { readonly healthy: number; readonly unhealthy: number }
      /** Shards by who holds them; operations and campaigns of a free one wait. */
      readonly shards: { readonly here: number; readonly elsewhere: number; readonly free: number }
      /** Operations that are not over, and that this process carries on. */
      readonly operations: number
    }
  /** A transition is over, whatever came of it: `Applied`, `AlreadyThere`, the tag of the error, or `Interrupted`. */
  | { readonly _tag: "Ended"; readonly target: TargetState; readonly outcome: string }

/** Receives every event of a run. */
export interface ProgressListener {
  readonly report: (event: ProgressEvent) => Effect.Effect<void>
}

const nobody: ProgressListener = { report: () => Effect.void }

/** The listener of the runs that it is provided to. Nothing listens unless provided. */
export const Progress = Context.Reference<ProgressListener>("@campaignctl/core/Progress", {
  defaultValue: () => nobody
})

/** Tells whoever follows the run of one event. */
export const report = (event: ProgressEvent): Effect.Effect<void> =>
  Effect.withFiber((fiber) => fiber.getRef(Progress).report(event))

/** Lets a listener hear of a run as well, after the one that does already. */
export const alsoReportingTo =
  (listener: ProgressListener) =>
  <A, E, R>(run: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.flatMap(Progress, (first) =>
      Effect.provideService(
        run,
        Progress,
        first === nobody
          ? listener
          : { report: (event) => Effect.andThen(first.report(event), listener.report(event)) }
      )
    )
