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
})
