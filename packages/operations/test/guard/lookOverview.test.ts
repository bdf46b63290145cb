import {
  CampaignGateway,
  type CampaignId,
  defaultSupervisionPolicy,
  LockToken,
  type SupervisionPolicy
} from "@campaignctl/core"
import { GatewayWorld } from "@campaignctl/core/testing"
import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { newMemory } from "../../src/guard/GuardMemory.ts"
import { lookAt } from "../../src/guard/look.ts"
import { step } from "../../src/guard/step.ts"
import { supervisionOf } from "../../src/guard/supervisionOf.ts"
import { makeRules } from "../../src/guard/windows.ts"
import { makeActs } from "../../src/guard/words.ts"
import type { Overview } from "../../src/watch/Overview.ts"
import { makeView } from "../../src/watch/View.ts"
import { memoryPorts } from "../support/memoryPorts.ts"

const ports = Layer.provideMerge(memoryPorts, TestClock.layer())
const care: NonNullable<SupervisionPolicy["care"]> = { namePattern: "Cared *" }

/** A view of two campaigns, one of them under care, and what the guard sees of it. */
const looking = Effect.gen(function* () {
  const world = yield* GatewayWorld
  const gateway = yield* CampaignGateway
  const cared = yield* world.addCampaign({ name: "Cared for", state: "paused" })
  const other = yield* world.addCampaign({ name: "Nobody's", state: "paused" })
  const view = makeView()
  view.list([yield* gateway.get(cared), yield* gateway.get(other)], 0)
  const overview: Overview = {
    campaigns: () => [...view.campaigns.values()],
    listed: view.listSome,
    nextChange: Effect.never
  }
  /** Lets an event be heard that tells of the campaign as it is, by its status and lock alone. */
  const hear = (id: CampaignId) =>
    Effect.map(gateway.get(id), ({ lock, status }) =>
      view.hear({ id, lock, status, receivedAt: 1 })
    )
  const look = Effect.gen(function* () {
    yield* TestClock.adjust(10)
    const before = yield* world.requests
    const { pages, sights } = yield* lookAt(care, makeActs(), makeRules(), overview)
    return {
      requests: (yield* world.requests) - before,
      pages,
      sights: sights.map(({ campaign, heard }) => [campaign.id, campaign.status, heard])
    }
  })
  return { world, view, cared, other, hear, look }
})

it.effect("sees what the watch hears of, without a request, and says what was heard", () =>
  Effect.gen(function* () {
    const { cared, hear, look, world } = yield* looking
    assert.deepStrictEqual(yield* look, {
      requests: 0,
      pages: 0,
      sights: [[cared, "off", false]]
    })
    yield* world.setState(cared, "active")
    yield* hear(cared)
    assert.deepStrictEqual(yield* look, { requests: 0, pages: 0, sights: [[cared, "on", true]] })
  }).pipe(Effect.provide(ports))
)

it.effect("lists once what was edited under its care, and nothing else", () =>
  Effect.gen(function* () {
    const { cared, hear, look, other, view, world } = yield* looking
    // Two changes of which the second is heard: the first may have been to anything.
    for (const id of [cared, other]) {
      yield* world.setState(id, "active")
      yield* world.setState(id, "paused")
      yield* hear(id)
    }
    assert.deepStrictEqual(yield* look, { requests: 1, pages: 1, sights: [[cared, "off", false]] })
    assert.isTrue(view.campaigns.get(other)?.edited)
    assert.strictEqual((yield* look).requests, 0)
  }).pipe(Effect.provide(ports))
)

it.effect("does not take a list for newer than what was heard meanwhile", () =>
  Effect.gen(function* () {
    const { cared, look, view } = yield* looking
    view.hear({ id: cared, lock: LockToken.make("9"), status: "on", receivedAt: 1 })
    assert.deepStrictEqual((yield* look).sights, [[cared, "on", true]])
  }).pipe(Effect.provide(ports))
)

it.effect("asks for the agents of what dials, and says of the others that it did not ask", () =>
  Effect.gen(function* () {
    const { cared, hear, view, world } = yield* looking
    const agents = Effect.gen(function* () {
      const { now, sights } = yield* lookAt(care, makeActs(), makeRules(), {
        campaigns: () => [...view.campaigns.values()],
        listed: view.listSome,
        nextChange: Effect.never
      })
      return sights.map((sight) => {
        const seen = { ...sight, unbroken: true }
        const taken = step({ ...defaultSupervisionPolicy, care }, newMemory, seen, now)
        return supervisionOf(seen, taken).agents
      })
    })
    assert.deepStrictEqual(yield* agents, ["not asked"])
    yield* world.setState(cared, "active")
    yield* hear(cared)
    // Asked for, and nobody knows the queue.
    assert.deepStrictEqual(yield* agents, ["unknown"])
  }).pipe(Effect.provide(ports))
)
