import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import {
  capacityContract,
  gatewayContract,
  memoryAgentCapacity,
  memoryGateway
} from "../../src/testing/index.ts"

describe("the in-memory gateway keeps the port's promises", () => {
  for (const { name, run } of gatewayContract)
    it.effect(name, () => run.pipe(Effect.provide(memoryGateway, { local: true })))
})

describe("the in-memory capacity keeps the port's promises", () => {
  for (const { name, run } of capacityContract)
    it.effect(name, () => run.pipe(Effect.provide(memoryAgentCapacity, { local: true })))
})
