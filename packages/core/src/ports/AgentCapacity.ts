import { Context, type Effect } from "effect"
import type { GatewayError } from "../errors/errors.ts"
import type { AgentsAvailable, Unknown } from "../guards/Facts.ts"

/** Whose agents count. */
export type CapacityScope =
  | { readonly _tag: "Queue"; readonly id: string; readonly name?: string }
  | { readonly _tag: "AllQueues" }

/** Tells how many agents could take a call now. */
export class AgentCapacity extends Context.Service<
  AgentCapacity,
  {
    /** `Unknown` where the reply has nothing on the queue: absence is not zero. */
    readonly available: (
      scope: CapacityScope
    ) => Effect.Effect<AgentsAvailable | Unknown, GatewayError>
  }
>()("@campaignctl/core/AgentCapacity") {}
