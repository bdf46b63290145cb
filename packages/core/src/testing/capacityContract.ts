import { Effect } from "effect"
import { AgentCapacity, type CapacityScope } from "../ports/AgentCapacity.ts"
import { type ContractCase, fails, same } from "./ContractCase.ts"
import { CapacityWorld } from "./GatewayWorld.ts"

const available = (scope: CapacityScope) => AgentCapacity.use((agents) => agents.available(scope))
const queueWith = (agents: number) => CapacityWorld.use((world) => world.queueWith(agents))

const count = (agents: number): ContractCase<AgentCapacity | CapacityWorld> => ({
  name: `${agents} agents available are counted as ${agents}, of the queue that was asked about`,
  run: Effect.gen(function* () {
    const queue = yield* queueWith(agents)
    yield* queueWith(agents + 2)
    yield* same("the count", yield* available({ _tag: "Queue", ...queue }), {
      _tag: "AgentsAvailable",
      available: agents,
      of: queue.name
    })
  })
})

/** What every agent capacity promises. */
export const capacityContract: ReadonlyArray<ContractCase<AgentCapacity | CapacityWorld>> = [
  count(0),
  count(1),
  count(3),
  {
    name: "a queue that nothing is known of is Unknown, and not nought",
    run: Effect.gen(function* () {
      yield* queueWith(1)
      const fact = yield* available({ _tag: "Queue", id: "no-such-queue" })
      yield* same("the fact", fact._tag, "Unknown" as const)
    })
  },
  {
    name: "all queues are the sum of each",
    run: Effect.gen(function* () {
      yield* queueWith(2)
      yield* queueWith(4)
      const total = yield* CapacityWorld.use((world) => world.total)
      yield* same("the sum", yield* available({ _tag: "AllQueues" }), {
        _tag: "AgentsAvailable",
        available: total,
        of: "all queues"
      })
    })
  },
  ...(
    [
      ["rate-limited", "RateLimited"],
      ["server-error", "GenesysUnavailable"],
      ["permission-missing", "PermissionMissing"]
    ] as const
  ).map(([fault, tag]): ContractCase<AgentCapacity | CapacityWorld> => ({
    name: `a count that is ${fault} is ${tag}, never a number`,
    run: Effect.gen(function* () {
      const queue = yield* queueWith(1)
      yield* CapacityWorld.use((world) => world.failNext(fault))
      const error = yield* fails("the count", available({ _tag: "Queue", ...queue }))
      yield* same("the error", error._tag, tag)
    })
  }))
]
