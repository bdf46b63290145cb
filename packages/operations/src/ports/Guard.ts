import type { CampaignId, CampaignState, SupervisionPolicy } from "@campaignctl/core"
import { Context, type Effect } from "effect"
import type { OperationsUnavailable } from "../domain/errors.ts"

/** One condition of a campaign under care, as it was at the last look. */
export type GuardCondition =
  | {
      readonly name: "window"
      /** `closing`: open, but within the margin before it closes. */
      readonly verdict: "open" | "closing" | "closed" | "unknown"
      /** Since when, where that counts. ISO 8601 in UTC, milliseconds. */
      readonly since: string | null
    }
  | {
      readonly name: "agents"
      readonly verdict: "enough" | "short" | "unknown" | "not asked" | "not needed"
      readonly since: string | null
      /** Absent where they were not counted. */
      readonly available?: number
      readonly minimum: number
    }

/** One campaign under care. Instants are ISO 8601 in UTC, milliseconds. */
export interface CampaignSupervision {
  readonly campaignId: CampaignId
  readonly name: string
  readonly divisionId: string | null
  readonly state: CampaignState
  readonly conditions: ReadonlyArray<GuardCondition>
  /** What the guard will do; `at` is null where that is not a question of time alone. */
  readonly next: {
    readonly act: "pause" | "resume" | "none"
    readonly at: string | null
    /** A sentence for a person. */
    readonly why: string
  }
  readonly last: {
    readonly act: "pause" | "resume"
    readonly at: string
    readonly result: string
  } | null
  /** Pauses and resumes of the guard's own within the hour, and how many there may be. */
  readonly acts: number
  readonly flapLimit: number
  /** Whether the guard paused it and would resume it. */
  readonly pausedByGuard: boolean
  /** A change made elsewhere since campaignctl last changed it. */
  readonly drift: { readonly kind: "start" | "stop"; readonly at: string } | null
}

/** The guard, as whichever process looks last. */
export interface GuardStatus {
  /** False where no campaign is under care. */
  readonly supervises: boolean
  readonly policy: SupervisionPolicy
  /** Milliseconds within which a campaign that must not dial is paused, while Genesys answers. */
  readonly lagMs: number
  readonly lastLook: {
    readonly startedAt: string
    readonly tookMs: number
    readonly campaigns: number
    /** Changes that it led to. */
    readonly begun: number
    readonly nextAt: string
    /** Why it could not look; null where it could. */
    readonly failure: string | null
  } | null
  readonly campaigns: ReadonlyArray<CampaignSupervision>
}

/** Shows what is supervised, and why something was or was not done. */
export class Guard extends Context.Service<
  Guard,
  {
    /** Of the campaigns in these divisions; of all without them. */
    readonly status: (
      divisionIds?: ReadonlyArray<string>
    ) => Effect.Effect<GuardStatus, OperationsUnavailable>
  }
>()("@campaignctl/operations/Guard") {}
