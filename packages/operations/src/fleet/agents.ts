import {
  AgentCapacity,
  type Campaign,
  type CapacityFact,
  type CapacityScope,
  needsAgents,
  retryingReads,
  Settings,
  startRun
} from "@campaignctl/core"
import { Clock, Effect, Semaphore } from "effect"
import type { OperationChange } from "../domain/Operation.ts"

/**
 * Milliseconds for which the agents that were counted for a fleet are believed. At five changes a
 * second, the usual limit, one question then serves fifty campaigns.
 */
export const AGENTS_FRESH_MS = 10_000

/** Tells the agents of a campaign's queue; undefined where the transition is to ask by itself. */
export type AgentsOf = (
  campaign: Pick<Campaign, "queue" | "dialingMode">
) => Effect.Effect<CapacityFact | undefined>

const keyOf = (scope: CapacityScope): string => (scope._tag === "Queue" ? `q:${scope.id}` : "all")

/**
 * Counts the agents of all queues of a fleet at once, again and again as the counts grow old, instead
 * of once for each campaign. Asks for nothing where nothing is started.
 */
export const countAgents = Effect.fnUntraced(function* (
  { target }: Pick<OperationChange, "target">,
  campaigns: ReadonlyArray<Pick<Campaign, "queue" | "dialingMode">>
): Effect.fn.Return<AgentsOf, never, AgentCapacity> {
  if (target !== "active") return () => Effect.succeed(undefined)
  const capacity = yield* AgentCapacity
  const { guards } = yield* Settings
  const turns = yield* Semaphore.make(1)
  const scopeOf = ({ queue }: Pick<Campaign, "queue">): CapacityScope | undefined =>
    guards.capacityScope === "all-queues"
      ? { _tag: "AllQueues" }
      : queue === undefined
        ? undefined
        : { _tag: "Queue", ...queue }
  const scopes = [
    ...new Map(
      campaigns.flatMap((campaign) => {
        const scope = needsAgents(campaign) ? scopeOf(campaign) : undefined
        return scope === undefined ? [] : [[keyOf(scope), scope] as const]
      })
    ).values()
  ]
  let counted: ReadonlyMap<string, CapacityFact> = new Map()
  let countedAt = Number.NEGATIVE_INFINITY

  const count = Effect.gen(function* () {
    const now = yield* Clock.currentTimeMillis
    if (now - countedAt <= AGENTS_FRESH_MS) return
    countedAt = now
    const run = yield* startRun
    counted = yield* retryingReads(run, capacity.availableAll(scopes)).pipe(
      Effect.map(
        (facts) =>
          new Map(
            scopes.flatMap((scope, index) => {
              const fact = facts[index]
              return fact === undefined ? [] : [[keyOf(scope), fact] as const]
            })
          )
      ),
      // Each transition then asks by itself, and says why it is not known.
      Effect.catch(() => Effect.succeed(new Map<string, CapacityFact>()))
    )
  })

  return (campaign) => {
    const scope = needsAgents(campaign) ? scopeOf(campaign) : undefined
    return scope === undefined
      ? Effect.succeed(undefined)
      : Effect.map(turns.withPermits(1)(count), () => counted.get(keyOf(scope)))
  }
})
