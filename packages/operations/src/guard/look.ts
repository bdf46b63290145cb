import {
  AgentCapacity,
  type AuditEntry,
  AuditLog,
  type AuditUnavailable,
  type CallingWindow,
  type CallingWindows,
  type Campaign,
  type CampaignGateway,
  type CapacityScope,
  type GatewayError,
  type HoldScope,
  Holds,
  inScope,
  isKnownStatus,
  needsAgents,
  notGathered,
  observationOf,
  pagesOf,
  seenState,
  Settings,
  type Unknown,
  unknown
} from "@campaignctl/core"
import { Clock, Effect, Stream } from "effect"
import { filterOf } from "../domain/listFilters.ts"
import { caresForSome, underCare } from "./care.ts"
import { noOverview, type Overview } from "../watch/Overview.ts"
import type { Sight } from "./Sight.ts"
import { judgeWindows, type RulesOf } from "./windows.ts"
import { type Acts, wordOf } from "./words.ts"

/** Everything that was seen of the campaigns under care, at one instant. */
export interface Look {
  readonly now: number
  /** What it cost: pages of the list, and queues whose agents were asked for. */
  readonly pages: number
  readonly queues: number
  readonly sights: ReadonlyArray<Omit<Sight, "unbroken">>
}

export type LookError = GatewayError | AuditUnavailable
export type LookPorts = CampaignGateway | AgentCapacity | CallingWindows | AuditLog

/**
 * Looks at every campaign under care: pages of a list, unless changes of all campaigns are heard of,
 * then one query for the agents of all their queues, and the ledger. What it costs grows with the pages and the queues, not with the campaigns.
 *
 * The ledger is read after the list, so that a change that ended in between is found there.
 */
export const lookAt = Effect.fnUntraced(function* (
  care: HoldScope,
  acts: Acts,
  rulesOf: RulesOf,
  overview: Overview = noOverview
): Effect.fn.Return<Look, LookError, LookPorts> {
  const began = yield* Clock.currentTimeMillis
  const { pages, sighted } = yield* sightAll(care, overview)
  const campaigns = sighted.map(({ campaign }) => campaign)
  const ledger = yield* AuditLog
  const words = yield* ledger.lastApplied(campaigns.map(({ id }) => id))
  yield* acts.readOn(yield* Clock.currentTimeMillis)
  const { active } = yield* Holds
  // A start asks for the halts again, and is refused where they cannot be read.
  const holds = yield* Effect.catch(active, () => Effect.succeed([]))
  const rules = yield* Effect.forEach(campaigns, (campaign) => rulesOf(campaign, began))
  const { agentsOf, queues } = yield* countAgents(
    campaigns.filter((one) => mayAct(one, words.get(one.id)))
  )
  const { guards } = yield* Settings
  // Judged last: what was asked for may have been waited for.
  const now = yield* Clock.currentTimeMillis
  const judge = judgeWindows(now)
  const sights = campaigns.map((campaign, index) => {
    const last = words.get(campaign.id)
    const { drifted, state } = observationOf(campaign, last)
    const rule: { readonly window: CallingWindow | Unknown; readonly minimumAgents?: number } =
      rules[index] ?? { window: unknown("nobody asked for it.") }
    return {
      campaign,
      heard: sighted[index]?.heard ?? false,
      state,
      knownStatus: isKnownStatus(campaign.status),
      contradicted: drifted,
      word: wordOf(last),
      agents: agentsOf(campaign),
      minimumAgents: rule.minimumAgents ?? guards.minimumAgents,
      window: judge(rule.window),
      hold: holds.find(({ scope }) => inScope(scope, campaign) !== "out")?.name ?? null,
      acts: acts.of(campaign.id)
    }
  })
  return { now, pages, queues, sights }
})

/**
 * The campaigns under care as they are now, with the pages that cost: those that the watch hears of, or
 * listed. Of one that was edited nobody has heard what: its queue and its hours may be others.
 */
const sightAll = Effect.fnUntraced(function* (care: HoldScope, overview: Overview) {
  const askedAt = yield* Clock.currentTimeMillis
  const underWatch = () =>
    overview.campaigns(askedAt)?.filter(({ campaign }) => underCare(care, campaign))
  const heard = underWatch()
  const edited = heard?.filter((one) => one.edited).map(({ campaign: { id } }) => id) ?? []
  const filter = heard === undefined ? filterOf(care) : { ids: edited }
  const isAsked = heard === undefined ? caresForSome(care) : edited.length > 0
  const pages = isAsked ? yield* Stream.runCollect(pagesOf(filter)) : []
  const listed = pages.flat()
  if (heard === undefined)
    return {
      pages: pages.length,
      sighted: listed
        .filter((campaign) => underCare(care, campaign))
        .map((campaign) => ({ campaign, heard: false }))
    }
  overview.listed(listed, askedAt)
  return { pages: pages.length, sighted: underWatch() ?? heard }
})

/** Whether the agents matter: the campaign dials, or stands still by a word of which the guard may make something. */
const mayAct = (campaign: Campaign, last: AuditEntry | undefined): boolean =>
  seenState(campaign.status) === "active" || last?.source === "guard"

/** The agents of all the campaigns' queues, asked for at once. */
const countAgents = Effect.fnUntraced(function* (
  campaigns: ReadonlyArray<Campaign>
): Effect.fn.Return<
  { readonly agentsOf: (campaign: Campaign) => Sight["agents"]; readonly queues: number },
  never,
  AgentCapacity
> {
  const capacity = yield* AgentCapacity
  const { guards } = yield* Settings
  const scopes = new Map<string, CapacityScope>()
  for (const campaign of campaigns) {
    if (!needsAgents(campaign)) continue
    if (guards.capacityScope === "all-queues") scopes.set("", { _tag: "AllQueues" })
    else if (campaign.queue !== undefined)
      scopes.set(campaign.queue.id, { _tag: "Queue", ...campaign.queue })
  }
  const asked = [...scopes.values()]
  const counted = yield* Effect.catch(capacity.availableAll(asked), ({ message }) =>
    Effect.succeed(asked.map(() => unknown(message)))
  )
  const byScope = new Map([...scopes.keys()].map((key, index) => [key, counted[index]] as const))
  const agentsOf = (campaign: Campaign): Sight["agents"] => {
    if (!needsAgents(campaign)) return notGathered
    if (guards.capacityScope === "campaign-queue" && campaign.queue === undefined)
      return unknown("the campaign has no queue.")
    const key = guards.capacityScope === "all-queues" ? "" : (campaign.queue?.id ?? "")
    return byScope.get(key) ?? { _tag: "NotAsked" }
  }
  return { agentsOf, queues: asked.length }
})
