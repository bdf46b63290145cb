import type { CampaignId } from "@campaignctl/core"
import { Context, type Effect } from "effect"
import type { OperationsUnavailable } from "../domain/errors.ts"
import type { Beat, Kept } from "./Kept.ts"

/** Keeps what the watch knows, so that another process may go on, and any may see. */
export class WatchStore extends Context.Service<
  WatchStore,
  {
    readonly load: Effect.Effect<ReadonlyArray<Kept>, OperationsUnavailable>
    readonly save: (
      changed: ReadonlyArray<Kept>,
      gone: ReadonlyArray<CampaignId>
    ) => Effect.Effect<void, OperationsUnavailable>
    /** Says of all campaigns that they are not heard of. */
    readonly uncoverAll: Effect.Effect<void, OperationsUnavailable>
    readonly saveBeat: (beat: Beat) => Effect.Effect<void, OperationsUnavailable>
    readonly beat: Effect.Effect<Beat | null, OperationsUnavailable>
    readonly of: (
      ids: ReadonlyArray<CampaignId>
    ) => Effect.Effect<ReadonlyArray<Kept>, OperationsUnavailable>
  }
>()("@campaignctl/operations/WatchStore") {}
