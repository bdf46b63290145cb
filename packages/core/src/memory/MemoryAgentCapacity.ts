import { Context, Effect, Layer } from "effect"
import type { GatewayError } from "../errors/errors.ts"
import { type AgentsAvailable, unknown } from "../guards/Facts.ts"
import { AgentCapacity } from "../ports/AgentCapacity.ts"
import { CapacityWorld } from "../testing/GatewayWorld.ts"
import { faultError } from "./faultError.ts"

/** Agents of queues in this process's memory: for tests and for trying things out. */
export const memoryAgentCapacity: Layer.Layer<AgentCapacity | CapacityWorld> = Layer.effectContext(
  Effect.sync(() => {
    const queues = new Map<string, number>()
    let next: GatewayError | undefined
    const total = (): number => [...queues.values()].reduce((sum, agents) => sum + agents, 0)
    const counted = (available: number, of: string): AgentsAvailable => ({
      _tag: "AgentsAvailable",
      available,
      of
    })

    const capacity = AgentCapacity.of({
      available: (scope) =>
        Effect.suspend(() => {
          const error = next
          next = undefined
          if (error !== undefined) return Effect.fail(error)
          if (scope._tag === "AllQueues") return Effect.succeed(counted(total(), "all queues"))
          const agents = queues.get(scope.id)
          const of = scope.name ?? scope.id
          return Effect.succeed(
            agents === undefined ? unknown(`nothing is known of ${of}.`) : counted(agents, of)
          )
        })
    })
    const world = CapacityWorld.of({
      queueWith: (agents) =>
        Effect.sync(() => {
          const id = `queue-${queues.size + 1}`
          queues.set(id, agents)
          return { id, name: `Queue ${queues.size}` }
        }),
      total: Effect.sync(total),
      failNext: (fault) =>
        Effect.sync(() => {
          next = faultError(fault)
        })
    })
    return Context.make(AgentCapacity, capacity).pipe(Context.add(CapacityWorld, world))
  })
)
