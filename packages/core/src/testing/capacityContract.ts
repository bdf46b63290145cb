import { Effect } from "effect"
import { AgentCapacity, type CapacityScope } from "../ports/AgentCapacity.ts"
import { type ContractCase, fails, same } from "./ContractCase.ts"
import { CapacityWorld } from "./GatewayWorld.ts"

const available = (scope: CapacityScope) => AgentCapacity.use((agents) => agents.available(scope))
const availableAll = (scopes: ReadonlyArray<CapacityScope>) =>
  AgentCapacity.use((agents) => agents.availableAll(scopes))
const queueWith = (agents: number) => CapacityWorld.use((world) => world.queueWith(agents))

/** Queues asked about at once: few enough for one request of any API, and for any world to have. */
const MANY_QUEUES = 4

const nameOf = (scope: CapacityScope | undefined): string =>
  scope?._tag === "Queue" ? (scope.name ?? scope.id) : ""

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
  {
    name: "many queues are each counted as alone, in the order asked, whatever is asked beside them",
    run: Effect.gen(function* () {
      const three = yield* queueWith(3)
      const none = yield* queueWith(0)
      const strange = { id: "22222222-2222-4222-8222-222222222222" }
      const asked: ReadonlyArray<CapacityScope> = [
        { _tag: "Queue", ...none },
        { _tag: "Queue", ...strange },
        { _tag: "AllQueues" },
        { _tag: "Queue", ...three },
        { _tag: "Queue", ...none }
      ]
      const facts = yield* availableAll(asked)
      yield* same("the answers", facts.length, asked.length)
      for (const [index, scope] of asked.entries()) {
        const alone = yield* available(scope)
        yield* same(`answer ${index}`, facts[index]?._tag, alone._tag)
        if (alone._tag === "AgentsAvailable") yield* same(`count ${index}`, facts[index], alone)
      }
    })
  },
  {
    name: "many queues cost no more requests than one, and none at all none",
    run: Effect.gen(function* () {
      const scopes: Array<CapacityScope> = []
      for (let agents = 0; agents < MANY_QUEUES; agents++)
        scopes.push({ _tag: "Queue", ...(yield* queueWith(agents)) })
      const requests = CapacityWorld.use((world) => world.requests)
      const before = yield* requests
      yield* same("no answer to no question", yield* availableAll([]), [])
      yield* same("the requests for none", (yield* requests) - before, 0)
      const facts = yield* availableAll([...scopes, ...scopes])
      yield* same("the requests for many", (yield* requests) - before, 1)
      yield* same("the last count", facts.at(-1), {
        _tag: "AgentsAvailable",
        available: MANY_QUEUES - 1,
        of: nameOf(scopes.at(-1))
      })
    })
  },
  {
    name: "many queues fail together, and not as numbers",
    run: Effect.gen(function* () {
      const queue = yield* queueWith(1)
      yield* CapacityWorld.use((world) => world.failNext("server-error"))
      const error = yield* fails("the counts", availableAll([{ _tag: "Queue", ...queue }]))
      yield* same("the error", error._tag, "GenesysUnavailable")
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
