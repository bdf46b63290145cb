import { type CampaignId, LockConflict, Progress, type ProgressEvent } from "@campaignctl/core"
import { GatewayWorld } from "@campaignctl/core/testing"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Latch, Layer } from "effect"
import { layerSingle, Transitions } from "../../src/index.ts"
import { memoryPorts, memorySql } from "../support/memoryPorts.ts"

const HOME = "44444444-4444-4444-8444-444444444444"
const AWAY = "55555555-5555-4555-8555-555555555555"

/** Holds every start up once it is decided on, until it is told to go on. */
const heldUp = () => {
  const [decided, goOn] = [Latch.makeUnsafe(false), Latch.makeUnsafe(false)]
  const progress = Layer.succeed(Progress, {
    report: (event: ProgressEvent) =>
      event._tag === "Decided" && event.decision.outcome === "allowed"
        ? Effect.andThen(decided.open, goOn.await)
        : Effect.void
  })
  const engine = layerSingle({ filename: undefined }).pipe(
    Layer.provideMerge(progress),
    Layer.provideMerge(memoryPorts),
    Layer.provideMerge(memorySql)
  )
  return { decided, goOn, engine }
}

const common = { requestedBy: "ada", source: "http" } as const
const start = (campaignId: CampaignId) =>
  ({
    ...common,
    campaignId,
    target: "active",
    overrides: [{ guard: "capacity", note: "a test" }]
  }) as const
const stop = (campaignId: CampaignId, divisionIds: ReadonlyArray<string>) =>
  ({ ...common, campaignId, target: "paused", pauseReason: "OTHER", divisionIds }) as const

describe("a stop that comes while a campaign is being started", () => {
  it.live("ends the start where whoever asks may touch the campaign", () => {
    const { decided, engine } = heldUp()
    return Effect.gen(function* () {
      const campaignId = yield* (yield* GatewayWorld).addCampaign({ name: "a", state: "paused" })
      const { run } = yield* Transitions
      const starting = yield* Effect.forkChild(Effect.flip(run(start(campaignId))))
      yield* decided.await
      assert.strictEqual((yield* run(stop(campaignId, [HOME])))._tag, "AlreadyThere")
      const gaveWay = new LockConflict({ campaignId, gaveWay: true })
      assert.deepStrictEqual(yield* Fiber.join(starting), gaveWay)
    }).pipe(Effect.provide(engine))
  })

  it.live("neither ends it nor waits for it where the campaign is not theirs to touch", () => {
    const { decided, engine, goOn } = heldUp()
    return Effect.gen(function* () {
      const { addCampaign, writes } = yield* GatewayWorld
      const campaignId = yield* addCampaign({ name: "a", state: "paused" })
      const { run } = yield* Transitions
      const starting = yield* Effect.forkChild(run(start(campaignId)))
      yield* decided.await
      for (const asked of [
        stop(campaignId, [AWAY]),
        stop(campaignId, []),
        { ...start(campaignId), divisionIds: [AWAY] }
      ])
        assert.strictEqual((yield* Effect.flip(run(asked)))._tag, "CampaignNotFound")
      yield* goOn.open
      assert.strictEqual((yield* Fiber.join(starting))._tag, "Applied")
      assert.lengthOf(yield* writes, 1)
    }).pipe(Effect.provide(engine))
  })
})
