import {
  CampaignGateway,
  CampaignId,
  GenesysUnavailable,
  report,
  type TransitionResult
} from "@campaignctl/core"
import { GatewayWorld, memoryGateway } from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Latch } from "effect"
import { TestClock } from "effect/testing"
import { givingWay } from "../../src/cluster/givingWay.ts"

/** A start whose write is on its way for a second, and that waits for a minute where it failed. */
const start = (fails: boolean) =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const campaign = yield* (yield* CampaignGateway).get(
      yield* world.addCampaign({ name: "Spring Renewals", state: "paused" })
    )
    yield* report({ _tag: "Sending", campaign, attempt: 1 })
    yield* Effect.sleep("1 second")
    if (fails) {
      const error = new GenesysUnavailable({ reason: "server-error", detail: "a test" })
      yield* report({ _tag: "AttemptFailed", campaign, attempt: 1, error })
      yield* Effect.sleep("1 minute")
    }
    const result: TransitionResult = {
      _tag: "Applied",
      campaign,
      from: "paused",
      state: "active",
      target: "active",
      verdicts: [],
      warnings: [],
      attempts: 1,
      latencyMs: 0,
      lockBefore: campaign.lock,
      lockAfter: campaign.lock,
      auditSequence: 1
    }
    return result
  }).pipe(Effect.provide(memoryGateway), Effect.orDie)

const id = CampaignId.make("0198a7d2-0000-7000-8000-000000000001")

for (const { ends, fails } of [
  { fails: false, ends: "Success" },
  { fails: true, ends: "Failure" }
])
  it.effect(
    `a start gives way once its write ${fails ? "has failed" : "has ended, and not before"}`,
    () =>
      Effect.gen(function* () {
        const giveWay = yield* Latch.make(false)
        const running = yield* Effect.forkChild(givingWay(giveWay, id, start(fails)))
        yield* TestClock.adjust("500 millis")
        giveWay.openUnsafe()
        yield* TestClock.adjust("499 millis")
        assert.isUndefined(running.pollUnsafe())
        yield* TestClock.adjust("1 millis")
        const exit = yield* Fiber.await(running)
        assert.strictEqual(exit._tag, ends)
        if (Exit.isFailure(exit)) assert.include(String(exit.cause), "LockConflict")
      })
  )
