import {
  CampaignId,
  CampaignState,
  decide,
  type DecisionInput,
  defaultGuardPolicy,
  TargetState
} from "@campaignctl/core"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { median, ratesOf } from "../stats.ts"

const CAMPAIGN = CampaignId.make("66666666-6666-4666-8666-666666666666")

/** Every state with every target, with facts that let a start through and facts that refuse it. */
const inputs: ReadonlyArray<DecisionInput> = CampaignState.literals.flatMap((state) =>
  TargetState.literals.flatMap((target) =>
    [true, false].map((open): DecisionInput => ({
      campaign: { id: CAMPAIGN, name: "Spring Renewals", status: "off", dialingMode: "power" },
      state,
      request: { target, ...(target === "paused" ? { pauseReason: "OTHER" } : {}) },
      capacity: { _tag: "AgentsAvailable", available: open ? 5 : 1, of: "Renewals" },
      window: {
        _tag: "WindowJudged",
        open,
        zones: [{ zone: "UTC", open, localTime: "2026-11-23 12:00:00", detail: "open until 20:00" }]
      },
      slots: { _tag: "SlotsCounted", inUse: 12 },
      holds: { _tag: "HoldsRead", holds: [] }
    }))
  )
)

/** Decisions per second of the pure function, every verdict with its sentence included. */
export const measureDecide = async (plan: Plan): Promise<Row> => {
  const cycles = Math.ceil(plan.decisionsPerBatch / inputs.length)
  let allowed = 0
  const rates = await ratesOf(plan.batches, cycles * inputs.length, () => {
    for (let cycle = 0; cycle < cycles; cycle++)
      for (const input of inputs)
        if (decide(defaultGuardPolicy, input).outcome === "allowed") allowed += 1
  })
  // What is never looked at may be optimised away.
  if (allowed === 0) throw new Error("no decision allowed anything")
  const perSecond = median(rates)
  return {
    what: "decisions per second",
    figure: readable(perSecond),
    n: rates.length,
    values: { perSecond }
  }
}
