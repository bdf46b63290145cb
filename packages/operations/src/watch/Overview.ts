import type { Campaign } from "@campaignctl/core"
import { type Effect, Latch } from "effect"
import type { Sighted } from "./View.ts"

/** What the watch shows to whoever supervises in the same process. */
export interface Overview {
  /**
   * Every campaign as it is then, in epoch milliseconds; undefined unless changes of all of them are
   * heard of, and the watch has taken in what was heard until just before.
   */
  readonly campaigns: (now: number) => ReadonlyArray<Sighted> | undefined
  /** Takes campaigns that were listed by somebody else, the first page asked for then. */
  readonly listed: (campaigns: ReadonlyArray<Campaign>, askedAt: number) => void
  /** Ends when a campaign has changed since it ended last. For one who waits. */
  readonly nextChange: Effect.Effect<void>
}

/** An overview of nothing: where no watch runs. */
export const noOverview: Overview = {
  campaigns: () => undefined,
  listed: () => undefined,
  nextChange: Latch.makeUnsafe().await
}
