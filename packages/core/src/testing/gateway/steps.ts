import { Effect, Stream } from "effect"
import { type Campaign, CampaignId } from "../../campaign/Campaign.ts"
import type { TargetState } from "../../campaign/State.ts"
import { CampaignGateway, type CampaignFilter, type Change } from "../../ports/CampaignGateway.ts"
import type { GatewayError } from "../../errors/errors.ts"
import type { ContractCase } from "../ContractCase.ts"
import { GatewayWorld, type WorldFault, type WorldState } from "../GatewayWorld.ts"

/** One promise of a gateway. */
export type Case = ContractCase<CampaignGateway | GatewayWorld>

/** An id that no campaign has. */
export const NOBODY = CampaignId.make("99999999-9999-4999-8999-999999999999")
/** More campaigns than one page of any contract holds. */
export const MORE_THAN_A_PAGE = 101

/** What each fault of a write must become, and whether the write took effect all the same. */
export const FAULTS: Readonly<
  Record<WorldFault, { readonly tag: GatewayError["_tag"]; readonly applied: boolean }>
> = {
  "rate-limited": { tag: "RateLimited", applied: false },
  "server-error": { tag: "GenesysUnavailable", applied: false },
  "lost-before": { tag: "GenesysUnavailable", applied: false },
  "lost-after": { tag: "GenesysUnavailable", applied: true },
  "cut-short": { tag: "GenesysUnavailable", applied: true },
  refused: { tag: "GenesysRefused", applied: false },
  "permission-missing": { tag: "PermissionMissing", applied: false }
}

/** Every fault. The keys of FAULTS are the faults, which Object.keys does not say. */
export const faults = Object.keys(FAULTS) as ReadonlyArray<WorldFault>

/** A change as the program sends it. */
export const change = (target: TargetState, more: Partial<Change> = {}): Change => ({
  target,
  drain: true,
  restart: false,
  ...(target === "paused" ? { pauseReason: "OTHER" as const } : {}),
  ...more
})

/** Adds a campaign to the world. */
export const add = (state: WorldState = "active", name = "Contract", calls = 0) =>
  GatewayWorld.use((world) => world.addCampaign({ name, state, calls }))
/** Reads a campaign through the gateway. */
export const get = (id: CampaignId) => CampaignGateway.use((gateway) => gateway.get(id))
/** A campaign that was added and read. */
export const added = (state: WorldState = "active", calls = 0) =>
  Effect.flatMap(add(state, "Contract", calls), get)
/** Sends a change through the gateway. */
export const apply = (campaign: Campaign, wanted: Change) =>
  CampaignGateway.use((gateway) => gateway.apply(campaign, wanted))
/** The writes that took effect. */
export const writes = GatewayWorld.use((world) => world.writes)
/** The requests that arrived. */
export const requests = GatewayWorld.use((world) => world.requests)
/** A list, page by page. */
export const pages = (filter: CampaignFilter) =>
  CampaignGateway.use((gateway) => Stream.runCollect(gateway.list(filter)))
/** A list, campaign by campaign. */
export const listed = (filter: CampaignFilter) =>
  Effect.map(pages(filter), (found) => found.flatMap(({ campaigns }) => campaigns))
/** The ids of a list. */
export const ids = (filter: CampaignFilter) =>
  Effect.map(listed(filter), (found) => found.map(({ id }) => id))
