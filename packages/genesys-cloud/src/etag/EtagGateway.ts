import {
  type Applied,
  type Campaign,
  type CampaignGateway,
  type CampaignId,
  type Change,
  type GatewayError,
  isKnownStatus,
  LockConflict,
  type PauseReason
} from "@campaignctl/core"
import { Effect } from "effect"
import { listCampaigns } from "../listCampaigns.ts"
import { permissions } from "../permissions.ts"
import { routes } from "../routes.ts"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { readCampaign, readListedCampaign } from "./campaign.ts"

/** The body of a PATCH: drains when pausing unless the caller says no. */
const patchFor = ({ drain, pauseReason, target }: Change): object => ({
  campaignstate: target,
  ...(target === "paused" && pauseReason !== undefined ? { pauseReason } : {}),
  drainqueue: target === "paused" && drain
})

const NOT_MOVED =
  "The campaign was not moved to the archive division: the ETag contract has no word for it."

/** Campaigns over the ETag contract: a change is a PATCH with `If-Match`. */
export const makeEtagGateway = (
  client: GenesysClient,
  archiveDivision: string | undefined
): CampaignGateway["Service"] => {
  const get = Effect.fnUntraced(function* (id: CampaignId) {
    const what = "reading the campaign"
    const { body, headers, receivedAt } = yield* client.call({
      what,
      permission: permissions.viewCampaign,
      campaignId: id,
      route: routes.readCampaign,
      send: ({ outbound }) => outbound.getOutboundCampaign(id)
    })
    return yield* readCampaign(body, headers, receivedAt, what)
  })

  const apply = Effect.fnUntraced(function* (
    campaign: Campaign,
    change: Change
  ): Effect.fn.Return<Applied, GatewayError> {
    if (campaign.status === change.target) return { campaign, wrote: false, warnings: [] }
    // A campaign that was read from a list without its ETag: unlocked is never sent.
    if (campaign.lock === "") return yield* new LockConflict({ campaignId: campaign.id })
    const what = "changing the campaign's state"
    const { body, headers, receivedAt } = yield* client.call({
      what,
      permission: permissions.editCampaign,
      campaignId: campaign.id,
      route: routes.patchCampaign,
      atOnce: change.target === "active",
      send: ({ outbound }) =>
        outbound.patchOutboundCampaign(campaign.id, patchFor(change), {
          customHeaders: { "If-Match": campaign.lock }
        })
    })
    const after = yield* readCampaign(body, headers, receivedAt, what)
    const stays = change.target === "archived" && archiveDivision !== undefined
    return {
      campaign: after,
      wrote: true,
      warnings: stays && after.division?.id !== archiveDivision ? [NOT_MOVED] : []
    }
  })

  // The contract has no stop without a lock, and describes no `If-Match: *`: two requests, and whoever
  // is overtaken by another's change is told so and asks again.
  const stop = Effect.fnUntraced(function* (id: CampaignId, reason: PauseReason) {
    const campaign = yield* get(id)
    // A status that we do not know may be one that dials.
    if (isKnownStatus(campaign.status) && campaign.status !== "active") return
    yield* apply(campaign, { target: "paused", pauseReason: reason, drain: true, restart: false })
  })

  return {
    capabilities: {
      contract: "etag",
      showsDrain: false,
      showsDispositions: true,
      abruptPause: true
    },
    get,
    list: listCampaigns(client, readListedCampaign),
    apply,
    stop,
    outstandingCalls: () => Effect.succeed(undefined)
  }
}
