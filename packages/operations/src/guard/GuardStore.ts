import { CampaignId, CampaignState } from "@campaignctl/core"
import { Context, type Effect, Schema } from "effect"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { GuardMemory } from "./GuardMemory.ts"

/** One campaign under care, as the guard last saw it. */
export const Supervision = Schema.Struct({
  campaignId: CampaignId,
  name: Schema.String,
  divisionId: Schema.NullOr(Schema.String),
  state: CampaignState,
  window: Schema.Literals(["open", "closing", "closed", "unknown"]),
  agents: Schema.Literals(["enough", "short", "unknown", "not asked", "not needed"]),
  /** The agents available, where they were counted. */
  available: Schema.NullOr(Schema.Number),
  minimumAgents: Schema.Number,
  /** What it will do next; `at` in epoch milliseconds, null where it is not a question of time alone. */
  next: Schema.Struct({
    act: Schema.Literals(["pause", "resume", "none"]),
    at: Schema.NullOr(Schema.Number),
    why: Schema.String
  }),
  /** Pauses and resumes of the guard's own within the hour. */
  acts: Schema.Int,
  memory: GuardMemory
})
export type Supervision = typeof Supervision.Type

/** One look at everything, and what it led to. */
export const Cycle = Schema.Struct({
  /** Epoch milliseconds. */
  startedAt: Schema.Number,
  tookMs: Schema.Number,
  /** Campaigns seen; those of the look before where this one failed. */
  campaigns: Schema.Int,
  /** Changes begun. */
  begun: Schema.Int,
  /** When it looks next, at the latest. */
  nextAt: Schema.Number,
  /** Why it could not look; null where it could. */
  failure: Schema.NullOr(Schema.String)
})
export type Cycle = typeof Cycle.Type

/** Keeps what the guard remembers, so that any process may go on where another ended. */
export class GuardStore extends Context.Service<
  GuardStore,
  {
    readonly load: Effect.Effect<ReadonlyArray<Supervision>, OperationsUnavailable>
    readonly lastCycle: Effect.Effect<Cycle | null, OperationsUnavailable>
    readonly save: (
      changed: ReadonlyArray<Supervision>,
      gone: ReadonlyArray<CampaignId>,
      cycle: Cycle | null
    ) => Effect.Effect<void, OperationsUnavailable>
  }
>()("@campaignctl/operations/GuardStore") {}
