import { type CampaignId, CampaignGateway, transition } from "@campaignctl/core"
import { GatewayWorld, MemoryLedger } from "@campaignctl/core/testing"
import { it } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { HaltRequest } from "../../../src/halt/index.ts"
import { allThatCan } from "./allThatCan.ts"
import { CALM, haltWorld, type Mishaps, Witness, type World } from "./HaltWorld.ts"

export const request: HaltRequest = {
  name: "Easter",
  scope: {},
  pauseReason: "COMPLIANCE",
  requestedBy: "ada",
  source: "cli",
  requestId: "halt-1",
  proofDeadlineMs: 600_000
}

export const halting = (
  name: string,
  test: (witness: Witness) => Effect.Effect<void, unknown, World>,
  mishaps: Partial<Mishaps> = {}
): void => {
  const witness = new Witness()
  it.effect(name, () =>
    Effect.suspend(() => test(witness)).pipe(
      Effect.provide(haltWorld({ ...CALM, ...mishaps }, witness), { local: true })
    )
  )
}

export const add = (name: string, state: "active" | "paused" | "completed" = "active", calls = 0) =>
  GatewayWorld.use((world) => world.addCampaign({ name, state, calls }))
export const statusOf = (id: CampaignId) =>
  Effect.map(
    CampaignGateway.use((gateway) => gateway.get(id)),
    ({ status }) => status
  )
export const afterwards = <A, E, R>(work: Effect.Effect<A, E, R>, wait = "15 minutes" as const) =>
  Effect.gen(function* () {
    const fiber = yield* Effect.forkChild(work)
    yield* allThatCan
    yield* TestClock.adjust(wait)
    return yield* Fiber.join(fiber)
  })
export const start = (campaignId: CampaignId) =>
  transition({ campaignId, target: "active", requestedBy: "bob", source: "library" })
export const kinds = Effect.map(
  MemoryLedger.use(({ entries }) => entries),
  (entries) => entries.map(({ kind }) => kind)
)
