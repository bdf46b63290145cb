import { AgentCapacity } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { FakeGenesys, json } from "../support/fakeGenesys.ts"

const QUEUE = { _tag: "Queue", id: "33333333-3333-4333-8333-333333333333" } as const

const row = (qualifier: string, count: number) => ({
  metric: "oUserRoutingStatuses",
  qualifier,
  stats: { count }
})

describe("the agents of a queue", () => {
  it.effect("are counted once, though they come once for each media type", () =>
    Effect.gen(function* () {
      const group = (mediaType: string, idle: number) => ({
        group: { queueId: QUEUE.id, mediaType },
        data: [row("IDLE", idle), row("INTERACTING", 7)]
      })
      const genesys = new FakeGenesys(() =>
        json(200, { results: [group("voice", 1), group("chat", 1), group("email", 0)] })
      )
      const found = yield* AgentCapacity.use((agents) => agents.available(QUEUE)).pipe(
        Effect.provide(genesys.layer())
      )
      assert.deepInclude(found, { _tag: "AgentsAvailable", available: 1 })
    })
  )

  it.effect("are none where nobody is idle, and unknown where the reply has no such queue", () =>
    Effect.gen(function* () {
      const asked = (results: ReadonlyArray<object>) =>
        AgentCapacity.use((agents) => agents.available(QUEUE)).pipe(
          Effect.provide(new FakeGenesys(() => json(200, { results })).layer())
        )
      const busy = { group: { queueId: QUEUE.id }, data: [row("INTERACTING", 2)] }
      assert.deepInclude(yield* asked([busy]), { _tag: "AgentsAvailable", available: 0 })
      assert.deepInclude(yield* asked([]), { _tag: "Unknown" })
    })
  )

  it.effect("of many queues are asked for a hundred at a time, each queue once", () =>
    Effect.gen(function* () {
      const asked: Array<ReadonlyArray<string>> = []
      const genesys = new FakeGenesys(({ body }) => {
        const { filter } = JSON.parse(body ?? "") as {
          readonly filter: { readonly predicates: ReadonlyArray<{ readonly value: string }> }
        }
        const queues = filter.predicates.map(({ value }) => value)
        asked.push(queues)
        const results = queues.map((queueId, index) => ({
          group: { queueId },
          data: [row("IDLE", index)]
        }))
        return json(200, { results })
      })
      const scopes = Array.from({ length: 250 }, (_, number) => ({
        _tag: "Queue" as const,
        id: `44444444-4444-4444-8444-${String(number).padStart(12, "0")}`
      }))
      const facts = yield* AgentCapacity.use((agents) =>
        agents.availableAll([...scopes, ...scopes])
      ).pipe(Effect.provide(genesys.layer()))
      assert.deepStrictEqual(
        asked.map(({ length }) => length),
        [100, 100, 50]
      )
      assert.strictEqual(facts.length, 500)
      assert.deepStrictEqual(facts[449], {
        _tag: "AgentsAvailable",
        available: 99,
        of: "44444444-4444-4444-8444-000000000199"
      })
    })
  )
})
