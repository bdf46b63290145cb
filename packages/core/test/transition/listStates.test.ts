import { assert, describe } from "@effect/vitest"
import { Clock, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import {
  BudgetUnavailable,
  CampaignGateway,
  type GatewayError,
  listStates,
  NotAuthenticated,
  RateLimited
} from "../../src/index.ts"
import { requestFor, withLedger, worldWith } from "./fixtures.ts"
import { portsOf, Probe } from "./probe.ts"

const probe = new Probe(worldWith(), requestFor({ target: "paused" }), [], undefined)

/** A list of two pages whose second one fails as often as there are failures left. */
const failingList = (failures: Array<GatewayError>, asked: Array<number>) =>
  Effect.gen(function* () {
    const gateway = yield* CampaignGateway
    const page = (id: string) => ({
      // The test's own ids: nothing reads them as UUIDs.
      campaigns: [{ ...probe.campaign(0), id: id as typeof probe.request.campaignId }]
    })
    const second = Effect.suspend(() => {
      const failure = failures.shift()
      return failure === undefined ? Effect.succeed(page("b")) : Effect.fail(failure)
    })
    return CampaignGateway.of({
      ...gateway,
      list: () =>
        Stream.fromEffect(
          Effect.map(Clock.currentTimeMillis, (at) => {
            asked.push(at)
            return page("a")
          })
        ).pipe(Stream.concat(Stream.fromEffect(second)))
    })
  }).pipe(Effect.provide(portsOf(probe, false)))

const idsOf = (failures: Array<GatewayError>, asked: Array<number>) =>
  Effect.gen(function* () {
    const gateway = yield* failingList(failures, asked)
    const pages = yield* listStates({}).pipe(
      Stream.runCollect,
      Effect.provideService(CampaignGateway, gateway)
    )
    return pages.flat().map(({ campaign }) => String(campaign.id))
  })

describe("listStates", () => {
  withLedger("waits out a rate limit and gives each campaign once", () =>
    Effect.gen(function* () {
      const asked: Array<number> = []
      const fiber = yield* Effect.forkChild(
        idsOf(
          [new RateLimited({ retryAfterMs: 42_000 }), new RateLimited({ retryAfterMs: 42_000 })],
          asked
        )
      )
      yield* TestClock.adjust("2 minutes")
      assert.deepStrictEqual(yield* Fiber.join(fiber), ["a", "b"])
      assert.deepStrictEqual(asked, [0, 42_000, 84_000])
    })
  )

  withLedger("gives up at once on a definite error", () =>
    Effect.gen(function* () {
      // The budget has waited for its database by itself: a person waits no longer.
      for (const refusal of [new NotAuthenticated({ detail: "no" }), new BudgetUnavailable()]) {
        const asked: Array<number> = []
        const error = yield* Effect.flip(idsOf([refusal], asked))
        assert.strictEqual(error._tag, refusal._tag)
        assert.lengthOf(asked, 1)
      }
    })
  )

  withLedger("gives up when the policy ends", () =>
    Effect.gen(function* () {
      const asked: Array<number> = []
      const failures = Array.from({ length: 9 }, () => new RateLimited({ retryAfterMs: 1_000 }))
      const fiber = yield* Effect.forkChild(Effect.flip(idsOf(failures, asked)))
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "RateLimited")
      assert.lengthOf(asked, 4)
    })
  )
})
