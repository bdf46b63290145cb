import { type CampaignId, type CampaignPolicy, printWindow } from "@campaignctl/core"
import type { PolicyDifference, PolicyText } from "./FilePlan.ts"
import type { ManagedPolicy } from "./PolicyStore.ts"
import type { Spoken } from "./Spoken.ts"

/** The policy under which a start will be judged: the file's own is put in force before anything starts. */
export const policyOnceApplied =
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

/** What an entry says of a campaign's window and agents, where its file said something else before. */
export const policyDifference = (
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
export const forgotten = (
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

/** Why a file cannot say what it says of campaigns: another file does. */
export const takenPolicies = (
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
