import {
  type Applied,
  type Campaign,
  type CampaignGateway,
  type CampaignId,
  type Change,
  type GatewayError,
  GenesysRefused,
  PermissionMissing
} from "@campaignctl/core"
import { Effect } from "effect"
import { listCampaigns } from "../listCampaigns.ts"
import { permissions } from "../permissions.ts"
import { routes } from "../routes.ts"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { fieldOf, numberOf } from "../wire/json.ts"
import { readCampaign } from "./campaign.ts"
import { bodyFor, warningsFor } from "./change.ts"

/**
 * Campaigns over Genesys Cloud's public API. A change of state is a full PUT under `version`, the
 * API's only compare-and-set. The `stop` operation has no lock, and serves the panic stop alone.
 */
export const makePlatformGateway = (
  client: GenesysClient,
  archiveDivision: string | undefined
): CampaignGateway["Service"] => {
  const get = Effect.fnUntraced(function* (id: CampaignId) {
    const what = "reading the campaign"
    const { body, receivedAt } = yield* client.call({
      what,
      permission: permissions.viewCampaign,
      campaignId: id,
      route: routes.readCampaign,
      send: ({ outbound }) => outbound.getOutboundCampaign(id)
    })
    return yield* readCampaign(body, receivedAt, what)
  })

  const put = Effect.fnUntraced(function* (campaign: Campaign, sent: object, starts: boolean) {
    const what = "changing the campaign's status"
    const { body, receivedAt } = yield* client.call({
      what,
      permission: permissions.editCampaign,
      campaignId: campaign.id,
      route: routes.putCampaign,
      atOnce: starts,
      // Without this flag Genesys would round a decimal maxCallsPerAgent that we send back untouched.
      send: ({ outbound }) =>
        outbound.putOutboundCampaign(campaign.id, sent, { useMaxCallsPerAgentDecimal: true })
    })
    return yield* readCampaign(body, receivedAt, what)
  })

  const move = ({ id }: Campaign, division: string) =>
    client
      .call({
        what: "moving the campaign to the archive division",
        permission: permissions.moveToDivision,
        route: routes.moveToDivision,
        send: async ({ authorization }) =>
          (await authorization()).postAuthorizationDivisionObject(division, "CAMPAIGN", [id])
      })
      .pipe(Effect.mapError(notMoved))

  const apply = Effect.fnUntraced(function* (
    campaign: Campaign,
    change: Change
  ): Effect.fn.Return<Applied, GatewayError> {
    const warnings = warningsFor(campaign, change)
    const body = bodyFor(campaign, change)
    const after =
      body === undefined ? campaign : yield* put(campaign, body, change.target === "active")
    const wrote = body !== undefined
    if (
      change.target !== "archived" ||
      archiveDivision === undefined ||
      campaign.division?.id === archiveDivision
    )
      return { campaign: after, wrote, warnings }
    yield* move(campaign, archiveDivision)
    return { campaign: { ...after, division: { id: archiveDivision } }, wrote: true, warnings }
  })

  const stop = (id: CampaignId) =>
    Effect.asVoid(
      client.call({
        what: "stopping the campaign",
        permission: permissions.stopCampaign,
        campaignId: id,
        route: routes.stopCampaign,
        send: ({ outbound }) => outbound.postOutboundCampaignStop(id)
      })
    )

  const outstandingCalls = Effect.fnUntraced(function* (id: CampaignId) {
    const { body } = yield* client.call({
      what: "reading the campaign's statistics",
      permission: permissions.viewCampaign,
      campaignId: id,
      route: routes.campaignStats,
      send: ({ outbound }) => outbound.getOutboundCampaignStats(id)
    })
    const calls = numberOf(fieldOf(body, "outstandingCalls"))
    return calls !== undefined && calls >= 0 ? calls : undefined
  })

  return {
    capabilities: {
      contract: "platform",
      showsDrain: true,
      showsDispositions: false,
      abruptPause: false,
      ...(archiveDivision === undefined ? {} : { archiveDivision })
    },
    get,
    list: listCampaigns(client, (body, observedAt) =>
      readCampaign(body, observedAt, "listing campaigns")
    ),
    apply,
    stop,
    outstandingCalls
  }
}

/** Says that the rest was done: only the last step of archiving failed, and asking again does that step alone. */
const notMoved = (error: GatewayError): GatewayError => {
  const detail = (why: string) =>
    `the campaign does not dial, but was not moved to the archive division. ${why}`
  if (error._tag !== "PermissionMissing" && error._tag !== "GenesysRefused") return error
  const context = error.contextId === undefined ? {} : { contextId: error.contextId }
  if (error._tag === "PermissionMissing")
    return new PermissionMissing({
      permission: error.permission,
      detail: detail(error.detail),
      ...(error.genesysCode === undefined ? {} : { genesysCode: error.genesysCode }),
      ...context
    })
  const { genesysCode, status } = error
  return new GenesysRefused({ status, genesysCode, detail: detail(error.detail), ...context })
}
