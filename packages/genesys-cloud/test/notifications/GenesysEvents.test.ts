import type { CampaignEvents } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, type Scope } from "effect"
import {
  campaign,
  campaigns,
  FakeChannels,
  listen,
  pass,
  settled
} from "../support/fakeChannels.ts"

const [A, B] = [campaign(1), campaign(2)]

/** A test over channels of its own. */
const over = (
  name: string,
  run: (genesys: FakeChannels) => Effect.Effect<void, unknown, CampaignEvents | Scope.Scope>
): void =>
  it.effect(name, () => {
    const genesys = new FakeChannels()
    return Effect.provide(run(genesys), genesys.layer)
  })

describe("events over notification channels", () => {
  it.effect("are neither asked for nor connected to before somebody follows and reads", () =>
    Effect.gen(function* () {
      const genesys = new FakeChannels()
      yield* Effect.gen(function* () {
        yield* settled
        assert.strictEqual(genesys.genesys.requests.length, 0)
        const { covered, events } = yield* listen
        yield* settled
        assert.strictEqual(genesys.genesys.requests.length, 0)
        yield* events.follow([A])
        yield* settled
        assert.deepStrictEqual([...covered], [A])
        assert.strictEqual(genesys.connected.length, 1)
      }).pipe(Effect.scoped, Effect.provide(genesys.layer))
      assert.strictEqual(genesys.connected.length, 0)
    })
  )

  over("of 3,000 campaigns come over three channels, and a change touches one of them", (genesys) =>
    Effect.gen(function* () {
      const { covered, events } = yield* listen
      yield* events.follow(campaigns(3_000))
      yield* pass(1_000)
      assert.strictEqual(covered.size, 3_000)
      assert.deepStrictEqual(
        genesys.connected.map(({ topics }) => topics.size),
        [1_000, 1_000, 1_000]
      )
      const before = genesys.genesys.requests.length
      yield* events.follow(campaigns(2_999))
      yield* settled
      assert.strictEqual(genesys.genesys.requests.length - before, 1)
    })
  )

  over("leave a connection that dies in silence within a minute, and come back", (genesys) =>
    Effect.gen(function* () {
      const { events, seen, tags } = yield* listen
      yield* events.follow([A, B])
      yield* settled
      genesys.deafen("all")
      yield* pass(90_000)
      assert.deepStrictEqual(tags(), ["Covered", "Lost", "Covered"])
      const lock = genesys.change(B)
      yield* settled
      assert.deepStrictEqual(seen(B), [lock])
    })
  )
})
