import { Context, Effect } from "effect"
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
    /**
     * The same of many scopes, one answer for each in their order. As few requests as the API
     * allows: their number grows with the queues that differ, not with the scopes.
     */
    readonly availableAll: (
      scopes: ReadonlyArray<CapacityScope>
    ) => Effect.Effect<ReadonlyArray<AgentsAvailable | Unknown>, GatewayError>
  }
>()("@campaignctl/core/AgentCapacity") {
  /** A capacity whose source is asked for one scope at a time, and never twice for the same queue. */
  static readonly oneByOne = (
    available: AgentCapacity["Service"]["available"]
  ): AgentCapacity["Service"] => ({
    available,
    availableAll: Effect.fnUntraced(function* (scopes) {
      const found = new Map<string | undefined, AgentsAvailable | Unknown>()
      const answers: Array<AgentsAvailable | Unknown> = []
      for (const scope of scopes) {
        // No queue has the id undefined, so that it can stand for all of them.
        const key = scope._tag === "Queue" ? scope.id : undefined
        const answer = found.get(key) ?? (yield* available(scope))
        found.set(key, answer)
        answers.push(answer)
      }
      return answers
    })
  })
}
