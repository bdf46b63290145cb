import { GatewayWorld, memoryGateway } from "@campaignctl/core/testing"
import { Effect, Layer } from "effect"
import type { Plan } from "../Plan.ts"
import { alwaysOpen, change, memoryLedger, plentyOfAgents } from "../product.ts"
import { type Row, readable } from "../Row.ts"
import { median, ratesOf } from "../stats.ts"

/** Ports that take no time. */
export const memoryPorts = Layer.mergeAll(memoryGateway, plentyOfAgents, alwaysOpen, memoryLedger)

/** Pauses and starts one campaign over and over, one change after the other. */
export const batchOf = (transitions: number) =>
  Effect.gen(function* () {
    const world = yield* GatewayWorld
    const id = yield* world.addCampaign({ name: "Spring Renewals", state: "paused" })
    for (let made = 0; made < transitions; made++) {
      const { _tag } = yield* change(id, made % 2 === 0 ? "active" : "paused")
      if (_tag !== "Applied") return yield* Effect.die(`change ${made}: ${_tag}`)
    }
  })

/** Transitions per second of the whole program where no port takes any time. */
export const measureTransitions = async (plan: Plan): Promise<Row> => {
  const rates = await ratesOf(plan.batches, plan.transitionsPerBatch, () =>
    Effect.runPromise(Effect.provide(batchOf(plan.transitionsPerBatch), memoryPorts))
  )
  const perSecond = median(rates)
  return {
    what: "transitions per second, ports in memory",
    figure: readable(perSecond),
    n: rates.length,
    values: { perSecond }
  }
}
