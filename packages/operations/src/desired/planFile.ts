import { createHash } from "node:crypto"
import {
  type AuditUnavailable,
  canonicalJson,
  type CampaignId,
  CampaignPolicies,
  type CampaignPolicy,
  explainSeen,
  type GatewayError,
  isDialling,
  type Json,
  type Observation,
  printWindow,
  type SlotsFact,
  type TransitionPorts
} from "@campaignctl/core"
import { Effect } from "effect"
import type { OperationsUnavailable } from "../domain/errors.ts"
import { countAgents } from "../fleet/agents.ts"
import { isSelected, selectCampaigns } from "../fleet/select.ts"
import { type ScheduleView, Schedules } from "../ports/Schedules.ts"
import type { FleetEntry, FleetFile } from "./FleetFile.ts"
import type {
  FilePlan,
  PolicyDifference,
  PolicyText,
  ScheduleDifference,
  StateDifference
} from "./FilePlan.ts"
import { type ManagedPolicy, PolicyStore } from "./PolicyStore.ts"
import { draftOf } from "./draftOf.ts"

/** A campaign and the entry that speaks for it. */
interface Spoken {
  readonly seen: Observation
  readonly entry: FleetEntry
  readonly index: number
}

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
  const policies = yield* (yield* PolicyStore).all
  const schedules = yield* (yield* Schedules).list(divisionIds === undefined ? {} : { divisionIds })
  const spoken = campaigns.flatMap((seen) => spokenFor(file, seen))
  const before = new Map(policies.map((one) => [one.campaignId, one]))
  const known = new Map(campaigns.map(({ campaign }) => [campaign.id as string, campaign.name]))
  const states = yield* stateDifferences(spoken, slots, policyOnceApplied(file.name, before))
  const policyDifferences = [
    ...spoken.flatMap((one) => policyDifference(file.name, one, before)),
    ...forgotten(
      file.name,
      spoken,
      // What is not the caller's to see is not theirs to forget.
      divisionIds === undefined ? policies : policies.filter((one) => known.has(one.campaignId)),
      known
    )
  ]
  const scheduled = scheduleDifferences(file, schedules)
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

const spokenFor = (file: FleetFile, seen: Observation): ReadonlyArray<Spoken> => {
  const index = file.entries.findIndex(({ select }) => isSelected(select, undefined, seen))
  const entry = file.entries[index]
  return entry === undefined ? [] : [{ seen, entry, index }]
}

/** What drains to where it is wanted is on its way. */
const isThere = ({ disposition, state }: Observation, target: string): boolean =>
  state === target || (state === "draining" && (disposition?.target ?? "paused") === target)

const stateDifferences = Effect.fnUntraced(function* (
  spoken: ReadonlyArray<Spoken>,
  slots: SlotsFact | undefined,
  policyOf: (one: Spoken) => CampaignPolicy
) {
  const off = spoken.flatMap((one) => {
    const { change } = one.entry
    return change === undefined || isThere(one.seen, change.target) ? [] : [{ ...one, change }]
  })
  const agentsOf = yield* countAgents(
    { target: "active" },
    off.flatMap(({ change, seen }) => (change.target === "active" ? [seen.campaign] : []))
  )
  let inUse = slots?._tag === "SlotsCounted" ? slots.inUse : undefined
  const differences: Array<StateDifference> = []
  for (const { change, ...one } of off) {
    const { index, seen } = one
    const capacity = change.target === "active" ? yield* agentsOf(seen.campaign) : undefined
    const { outcome, verdicts } = yield* explainSeen(seen, {
      ...change,
      ...(capacity === undefined ? {} : { capacity }),
      ...(inUse === undefined ? {} : { slots: { _tag: "SlotsCounted", inUse } })
    }).pipe(
      Effect.provideService(CampaignPolicies, { policyFor: () => Effect.succeed(policyOf(one)) })
    )
    if (outcome === "already-there") continue
    if (inUse !== undefined && outcome === "allowed" && change.target === "active")
      inUse += isDialling(seen.state) ? 0 : 1
    differences.push({
      campaignId: seen.campaign.id,
      name: seen.campaign.name,
      divisionId: seen.campaign.division?.id ?? null,
      from: seen.state,
      to: change.target,
      entry: index,
      outcome,
      verdicts
    })
  }
  return differences
})

/** The policy under which a start will be judged: the file's own is put in force before anything starts. */
const policyOnceApplied =
  (file: string, kept: ReadonlyMap<string, ManagedPolicy>) =>
  ({ entry, seen }: Spoken): CampaignPolicy => {
    if (textOf(entry.policy) !== null) return entry.policy
    const found = kept.get(seen.campaign.id)
    return found === undefined || found.managedBy === file ? {} : found.policy
  }

const textOf = ({ minimumAgents, window }: CampaignPolicy): PolicyText | null =>
  minimumAgents === undefined && window === undefined
    ? null
    : {
        window: window === undefined ? null : printWindow(window),
        minimumAgents: minimumAgents ?? null
      }

const sameText = (one: PolicyText | null, other: PolicyText | null): boolean =>
  one?.window === other?.window && one?.minimumAgents === other?.minimumAgents

const policyDifference = (
  file: string,
  { entry, index, seen: { campaign } }: Spoken,
  kept: ReadonlyMap<string, ManagedPolicy>
): ReadonlyArray<PolicyDifference> => {
  const found = kept.get(campaign.id)
  const before = found?.managedBy === file ? textOf(found.policy) : null
  const after = textOf(entry.policy)
  return sameText(before, after)
    ? []
    : [{ campaignId: campaign.id, name: campaign.name, entry: index, before, after }]
}

/** What the file once said of campaigns that it does not speak for any more. */
const forgotten = (
  file: string,
  spoken: ReadonlyArray<Spoken>,
  kept: ReadonlyArray<ManagedPolicy>,
  known: ReadonlyMap<string, string>
): ReadonlyArray<PolicyDifference> => {
  const stays = new Set<string>(spoken.map(({ seen }) => seen.campaign.id))
  return kept.flatMap(({ campaignId, managedBy, policy }) =>
    managedBy !== file || stays.has(campaignId)
      ? []
      : [
          {
            // It was one when it was written.
            campaignId: campaignId as CampaignId,
            name: known.get(campaignId) ?? campaignId,
            entry: null,
            before: textOf(policy),
            after: null
          }
        ]
  )
}

const takenPolicies = (
  file: string,
  spoken: ReadonlyArray<Spoken>,
  kept: ReadonlyMap<string, ManagedPolicy>
): ReadonlyArray<string> =>
  spoken.flatMap(({ entry, seen: { campaign } }) => {
    const found = kept.get(campaign.id)
    return found === undefined || found.managedBy === file || textOf(entry.policy) === null
      ? []
      : [
          `The window and the minimum of agents of “${campaign.name}” are kept by the file “${found.managedBy}”.`
        ]
  })

const scheduleDifferences = (
  file: FleetFile,
  kept: ReadonlyArray<ScheduleView>
): {
  readonly differences: ReadonlyArray<ScheduleDifference>
  readonly refusals: ReadonlyArray<string>
} => {
  const byName = new Map(kept.map((view) => [view.schedule.name, view]))
  const wanted = new Set(file.schedules.map(({ name }) => name))
  const differences: Array<ScheduleDifference> = []
  const refusals: Array<string> = []
  for (const draft of file.schedules) {
    const found = byName.get(draft.name)
    if (found === undefined) differences.push({ name: draft.name, change: "add" })
    else if (found.managedBy !== file.name)
      refusals.push(
        `There is a schedule “${draft.name}” already, ${found.managedBy === null ? "added by hand" : `kept by the file “${found.managedBy}”`}.`
      )
    else if (textOfDraft(draft) !== textOfDraft(draftOf(found.schedule)))
      differences.push({ name: draft.name, change: "replace" })
  }
  for (const { managedBy, schedule } of kept)
    if (managedBy === file.name && !wanted.has(schedule.name))
      differences.push({ name: schedule.name, change: "remove" })
  return { differences, refusals }
}

/** Enabled and not said to be is the same. */
const textOfDraft = (draft: FleetFile["schedules"][number]): string =>
  canonicalJson(asJson({ ...draft, enabled: draft.enabled ?? true }))

/** Everything that goes in has come from JSON, or is made of the same. */
const asJson = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json

const digestOf = (
  file: FleetFile,
  spoken: ReadonlyArray<Spoken>,
  policies: ReadonlyArray<ManagedPolicy>,
  schedules: ReadonlyArray<ScheduleView>
): string =>
  createHash("sha256")
    .update(
      canonicalJson(
        asJson({
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
    )
    .digest("hex")
