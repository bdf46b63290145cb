import { Context, Effect } from "effect"

/** How far a halt has come, after each look. Milliseconds since it began. */
export interface HaltSnapshot {
  readonly elapsedMs: number
  readonly holding: boolean
  /** Campaigns in its scope that were listed, that had to be stopped, and that were seen dialling last. */
  readonly selected: number
  readonly toStop: number
  readonly dialling: number
  readonly draining: number
  readonly proven: boolean
}

/** Who is told of a halt's progress; nobody unless provided. */
export class HaltProgress extends Context.Reference<{
  readonly report: (snapshot: HaltSnapshot) => Effect.Effect<void>
}>("@campaignctl/operations/HaltProgress", {
  defaultValue: () => ({ report: () => Effect.void })
}) {}
