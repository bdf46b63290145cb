import { supervisionLagMs, type SupervisionPolicy } from "@campaignctl/core"
import { Effect, Layer } from "effect"
import { type CampaignSupervision, Guard, type GuardCondition } from "../ports/Guard.ts"
import { GuardStore, type Supervision } from "./GuardStore.ts"

const iso = (ms: number): string => new Date(ms).toISOString()
const isoOrNull = (ms: number | null): string | null => (ms === null ? null : iso(ms))

/** The guard's status from what it keeps, by whichever process is asked. */
export const layerGuard = (policy: SupervisionPolicy): Layer.Layer<Guard, never, GuardStore> =>
  Layer.effect(
    Guard,
    Effect.map(GuardStore, (store) => ({
      status: Effect.fnUntraced(function* (divisionIds) {
        const rows = policy.care === null ? [] : yield* store.load
        const cycle = policy.care === null ? null : yield* store.lastCycle
        return {
          supervises: policy.care !== null,
          policy,
          lagMs: supervisionLagMs(policy),
          lastLook:
            cycle === null
              ? null
              : {
                  startedAt: iso(cycle.startedAt),
                  tookMs: cycle.tookMs,
                  campaigns: cycle.campaigns,
                  begun: cycle.begun,
                  nextAt: iso(cycle.nextAt),
                  failure: cycle.failure
                },
          campaigns: rows
            .filter(
              ({ divisionId }) =>
                divisionIds === undefined ||
                (divisionId !== null && divisionIds.includes(divisionId))
            )
            .map((row) => campaignOf(row, policy))
        }
      })
    }))
  )

const campaignOf = (row: Supervision, policy: SupervisionPolicy): CampaignSupervision => {
  const { drift, last } = row.memory
  return {
    campaignId: row.campaignId,
    name: row.name,
    divisionId: row.divisionId,
    state: row.state,
    conditions: conditionsOf(row),
    next: { act: row.next.act, at: isoOrNull(row.next.at), why: row.next.why },
    last: last === null ? null : { act: last.act, at: iso(last.at), result: last.result },
    acts: row.acts,
    flapLimit: policy.flapLimit,
    pausedByGuard: row.memory.claim !== null && !row.memory.claim.touched,
    // What is adopted, or taken back, is no news any more.
    drift:
      drift === null || policy.drift === "adopt" ? null : { kind: drift.kind, at: iso(drift.at) }
  }
}

const conditionsOf = ({
  agents,
  available,
  memory: { fitSince, shortSince, unknownSince },
  minimumAgents,
  window
}: Supervision): ReadonlyArray<GuardCondition> => [
  {
    name: "window",
    verdict: window,
    since: isoOrNull(window === "unknown" ? unknownSince : window === "open" ? fitSince : null)
  },
  {
    name: "agents",
    verdict: agents,
    since: isoOrNull(agents === "short" ? shortSince : agents === "enough" ? fitSince : null),
    ...(available === null ? {} : { available }),
    minimum: minimumAgents
  }
]
