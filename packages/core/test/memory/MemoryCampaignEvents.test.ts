import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { campaignEventsContract, memoryCampaignEvents } from "../../src/testing/index.ts"

describe("the in-memory events keep the port's promises", () => {
  for (const { name, run } of campaignEventsContract)
    it.effect(name, () => run.pipe(Effect.provide(memoryCampaignEvents, { local: true })))
})
