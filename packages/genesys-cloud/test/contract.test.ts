import {
  campaignEventsContract,
  capacityContract,
  gatewayContract
} from "@campaignctl/core/testing"
import { describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { simulatedEvents } from "./support/simulatedEvents.ts"
import { overSimulator, simulatedWorld, simulator } from "./support/simulated.ts"

for (const contract of ["platform", "etag"] as const) {
  const layers = Layer.merge(overSimulator(contract), simulatedWorld(contract)).pipe(
    Layer.provide(simulator())
  )
  describe(`the ${contract} gateway keeps the port's promises`, () => {
    for (const { name, run } of gatewayContract)
      it.live(name, () => run.pipe(Effect.provide(layers, { local: true })))
  })
  describe(`the ${contract} capacity keeps the port's promises`, () => {
    for (const { name, run } of capacityContract)
      it.live(name, () => run.pipe(Effect.provide(layers, { local: true })))
  })
}

describe("the events of notification channels keep the port's promises", () => {
  const layers = Layer.merge(overSimulator("platform"), simulatedEvents).pipe(
    Layer.provide(simulator())
  )
  for (const { name, run } of campaignEventsContract)
    it.live(name, () => run.pipe(Effect.provide(layers, { local: true })))
})
