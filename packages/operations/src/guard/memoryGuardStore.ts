import type { CampaignId } from "@campaignctl/core"
import { Effect } from "effect"
import type { Cycle, GuardStore, Supervision } from "./GuardStore.ts"

/** The guard's memory in this process's own: for tests, and for a guard that need not survive it. */
export const makeMemoryGuardStore = (): GuardStore["Service"] => {
  const rows = new Map<CampaignId, Supervision>()
  let last: Cycle | null = null
  return {
    load: Effect.sync(() => [...rows.values()]),
    lastCycle: Effect.sync(() => last),
    save: (changed, gone, cycle) =>
      Effect.sync(() => {
        for (const row of changed) rows.set(row.campaignId, row)
        for (const id of gone) rows.delete(id)
        last = cycle ?? last
      })
  }
}
