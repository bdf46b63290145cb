import { createHash } from "node:crypto"
import type { AuditUnavailable, GatewayError, TransitionPorts } from "@campaignctl/core"
import { Effect } from "effect"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { selectCampaigns } from "../fleet/select.ts"
import { Schedules, type ScheduleView } from "../ports/Schedules.ts"
import { canonicalText } from "./canonicalText.ts"
import type { FilePlan } from "./FilePlan.ts"
import type { FleetFile } from "./FleetFile.ts"
import {
  forgotten,
  policyDifference,
  policyOnceApplied,
  takenPolicies
} from "./policyDifferences.ts"
import { type ManagedPolicy, PolicyStore } from "./PolicyStore.ts"
import { scheduleDifferences } from "./scheduleDifferences.ts"
import { type Spoken, spokenFor } from "./Spoken.ts"
import { stateDifferences } from "./stateDifferences.ts"

/** Compares what a fleet file wants with what is. Reads alone. */
export const planFile = Effect.fnUntraced(function* (
  file: FleetFile,
  divisionIds?: ReadonlyArray<string>
): Effect.fn.Return<
  FilePlan,
  GatewayError | AuditUnavailable | OperationsUnavailable,
  TransitionPorts | PolicyStore | Schedules
> {
  const { campaigns, slots } = yield* selectCampaigns({ all: true }, "name", divisionIds)
  const known = new Map(campaigns.map(({ campaign }) => [campaign.id as string, campaign.name]))
  const kept = yield* (yield* PolicyStore).all
  // What is not the caller's to see is neither theirs to forget, nor theirs to learn of by its changes.
  const policies =
    divisionIds === undefined ? kept : kept.filter(({ campaignId }) => known.has(campaignId))
  const { list } = yield* Schedules
  const all = yield* list({})
  const schedules = divisionIds === undefined ? all : yield* list({ divisionIds })
  const spoken = campaigns.flatMap((seen) => spokenFor(file, seen))
  const before = new Map(policies.map((one) => [one.campaignId, one]))
  const states = yield* stateDifferences(spoken, slots, policyOnceApplied(file.name, before))
  const policyDifferences = [
    ...spoken.flatMap((one) => policyDifference(file.name, one, before)),
    ...forgotten(file.name, spoken, policies, known)
  ]
  const scheduled = scheduleDifferences(file, schedules, namesOf(all))
  return {
    file: file.name,
    digest: digestOf(file, spoken, policies, schedules),
    states,
    policies: policyDifferences,
    schedules: scheduled.differences,
    refusals: [...takenPolicies(file.name, spoken, before), ...scheduled.refusals],
    warnings: file.entries.flatMap((_, index) =>
      spoken.some((one) => one.index === index)
        ? []
        : [
            `campaigns[${index}] speaks for no campaign: it selects none, or entries before it have all of them.`
          ]
    )
  }
})

const namesOf = (views: ReadonlyArray<ScheduleView>): ReadonlySet<string> =>
  new Set(views.map(({ schedule }) => schedule.name))

/** What the plan was made from: where it changes, the plan is stale. */
const digestOf = (
  file: FleetFile,
  spoken: ReadonlyArray<Spoken>,
  policies: ReadonlyArray<ManagedPolicy>,
  schedules: ReadonlyArray<ScheduleView>
): string =>
  createHash("sha256")
    .update(
      canonicalText({
        file,
        campaigns: spoken.map(({ index, seen: { campaign, state } }) => [
          campaign.id,
          campaign.lock,
          state,
          index
        ]),
        policies,
        schedules: schedules
          .map(({ managedBy, schedule }) => ({ managedBy, schedule }))
          .toSorted((one, other) => (one.schedule.id < other.schedule.id ? -1 : 1))
      })
    )
    .digest("hex")
