import { CampaignEvents, CampaignId, type CampaignNews } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Queue, Stream } from "effect"
import { campaigns, listen } from "../support/fakeChannels.ts"
import { overSimulator, simulator, Simulated } from "../support/simulated.ts"
import { stepped } from "../support/steppedSimulator.ts"

const HOUR_MS = 3_600_000

describe("3,000 campaigns on the simulator", () => {
  it.effect("are heard of over three channels, and cost no request in an hour at rest", () =>
    Effect.gen(function* () {
      const { control, layer, pass } = yield* stepped
      yield* Effect.gen(function* () {
        const { campaigns: all } = yield* Effect.promise(() => control.state())
        const { covered, events, seen, tags } = yield* listen
        yield* events.follow(all.map(({ id }) => CampaignId.make(id)))
        yield* pass(60_000, 5_000, () => covered.size === all.length)
        assert.strictEqual(covered.size, 3_000)
        const asked = yield* Effect.promise(() => control.requests())
        assert.deepStrictEqual(
          asked.map(({ method }) => method).toSorted(),
          // The token; then for each channel its creation and its subscriptions.
          ["POST", "POST", "POST", "POST", "PUT", "PUT", "PUT"]
        )
        yield* Effect.promise(() => control.clearLogs())
        yield* pass(HOUR_MS, 15_000)
        assert.deepStrictEqual(yield* Effect.promise(() => control.requests()), [])
        assert.deepStrictEqual(new Set(tags()), new Set(["Covered"]))
        const [first] = all
        assert.deepStrictEqual(seen(CampaignId.make(first?.id ?? "")), [])
      }).pipe(Effect.scoped, Effect.provide(layer))
    }).pipe(Effect.provide(simulator({ campaigns: 3_000 })))
  )
})

describe("the ETag contract", () => {
  it.live("hears of nothing, and asks for nothing", () =>
    Effect.gen(function* () {
      const events = yield* CampaignEvents
      assert.isFalse(events.available)
      const heard = yield* Queue.unbounded<CampaignNews>()
      yield* Effect.forkScoped(
        Stream.runForEach(events.news, (news) => Queue.offer(heard, news)),
        { startImmediately: true }
      )
      yield* events.follow(campaigns(3))
      const { control } = yield* Simulated
      assert.deepStrictEqual(yield* Effect.promise(() => control.requests()), [])
      assert.strictEqual(yield* Queue.size(heard), 0)
    }).pipe(Effect.scoped, Effect.provide(overSimulator("etag")), Effect.provide(simulator()))
  )
})
