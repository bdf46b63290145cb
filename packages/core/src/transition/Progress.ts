import { Context, Effect } from "effect"
import type { Campaign } from "../campaign/Campaign.ts"
import type { CampaignState } from "../campaign/State.ts"
import type { Decision } from "../decision/decide.ts"
import type { GatewayError } from "../errors/errors.ts"

/** Why a run waits. */
export type WaitCause = "rate-limit" | "conflict" | "unavailable" | "drain"

/** What happens in a run, as it happens, for people and telemetry to follow. */
export type ProgressEvent =
  | { readonly _tag: "Observed"; readonly campaign: Campaign; readonly state: CampaignState }
  | { readonly _tag: "Decided"; readonly campaign: Campaign; readonly decision: Decision }
  | { readonly _tag: "IntentRecorded"; readonly campaign: Campaign; readonly sequence: number }
  | { readonly _tag: "Sending"; readonly campaign: Campaign; readonly attempt: number }
  | { readonly _tag: "AttemptFailed"; readonly campaign: Campaign; readonly attempt: number; readonly error: GatewayError }
  | { readonly _tag: "ReadBack"; readonly campaign: Campaign; readonly shown: boolean }
  | { readonly _tag: "Waiting"; readonly cause: WaitCause; readonly delayMs: number }
  | {
      readonly _tag: "DrainPolled"
      readonly campaign: Campaign
      readonly outstandingCalls: number | undefined
      readonly waitedMs: number
    }

/** Receives every event of the runs that it is provided to. Nothing listens unless provided. */
export const Progress = Context.Reference<{
  readonly report: (event: ProgressEvent) => Effect.Effect<void>
}>("@campaignctl/core/Progress", { defaultValue: () => ({ report: () => Effect.void }) })

export const report = (event: ProgressEvent): Effect.Effect<void> =>
  Effect.flatMap(Progress, (progress) => progress.report(event))
