import { type Effect, Latch } from "effect"
import type { Sighted } from "./View.ts"

/** What the watch shows to whoever supervises in the same process. */
export interface Overview {
  /** Every campaign as it is now; undefined unless changes of all of them are heard of. */
  readonly campaigns: () => ReadonlyArray<Sighted> | undefined
  /** Ends when a campaign has changed since it ended last. For one who waits. */
  readonly nextChange: Effect.Effect<void>
}

/** An overview of nothing: where no watch runs. */
export const noOverview: Overview = {
  campaigns: () => undefined,
  nextChange: Latch.makeUnsafe().await
}
