import { Context, Effect, Layer } from "effect"
import type { GatewayError } from "../errors/errors.ts"
import { type AgentsAvailable, type Unknown, unknown } from "../guards/Facts.ts"
import { AgentCapacity, type CapacityScope } from "../ports/AgentCapacity.ts"
import { CapacityWorld } from "../testing/GatewayWorld.ts"
import { faultError } from "./faultError.ts"

/** Agents of queues in this process's memory: for tests and for trying things out. */
export const memoryAgentCapacity: Layer.Layer<AgentCapacity | CapacityWorld> = Layer.effectContext(
  Effect.sync(() => {
    const queues = new Map<string, number>()
    let next: GatewayError | undefined
    let requests = 0
    const total = (): number => [...queues.values()].reduce((sum, agents) => sum + agents, 0)
    const counted = (available: number, of: string): AgentsAvailable => ({
      _tag: "AgentsAvailable",
      available,
      of
    })

    const count = (scope: CapacityScope): AgentsAvailable | Unknown => {
      if (scope._tag === "AllQueues") return counted(total(), "all queues")
      const agents = queues.get(scope.id)
      const of = scope.name ?? scope.id
      return agents === undefined ? unknown(`nothing is known of ${of}.`) : counted(agents, of)
    }
    /** One request, which takes the fault that waits for it. */
    const request = <A>(reply: () => A): Effect.Effect<A, GatewayError> =>
      Effect.suspend(() => {
        const error = next
        next = undefined
        requests += 1
        return error === undefined ? Effect.sync(reply) : Effect.fail(error)
      })

    const capacity = AgentCapacity.of({
      available: (scope) => request(() => count(scope)),
      availableAll: (scopes) =>
        scopes.length === 0 ? Effect.succeed([]) : request(() => scopes.map(count))
    })
    const world = CapacityWorld.of({
      queueWith: (agents) =>
        Effect.sync(() => {
          const id = `queue-${queues.size + 1}`
          queues.set(id, agents)
          return { id, name: `Queue ${queues.size}` }
        }),
      total: Effect.sync(total),
      requests: Effect.sync(() => requests),
      failNext: (fault) =>
        Effect.sync(() => {
          next = faultError(fault)
        })
    })
    return Context.make(AgentCapacity, capacity).pipe(Context.add(CapacityWorld, world))
  })
)
