import {
  type Campaign,
  type CampaignFilter,
  CampaignId,
  type CampaignPage,
  type GatewayError,
  type GenesysUnavailable
} from "@campaignctl/core"
import { Effect, Option, Schema, Stream } from "effect"
import { permissions } from "./permissions.ts"
import { routes } from "./routes.ts"
import { idChunks, PAGE_SIZE, pageQuery } from "./platform/pages.ts"
import type { GenesysClient } from "./wire/GenesysClient.ts"
import { fieldOf, listOf, numberOf, textOf } from "./wire/json.ts"
import { malformed } from "./wire/malformed.ts"

const WHAT = "listing campaigns"

const decodeId = Schema.decodeUnknownOption(CampaignId)

/** Reads one campaign of a list. */
export type ReadListed = (
  body: unknown,
  observedAt: number
) => Effect.Effect<Campaign, GenesysUnavailable>

/**
 * Campaigns page by page, each requested when it is pulled.
 *
 * Ids are asked for a hundred at a time, and given back in the order in which they were named.
 */
export const listCampaigns =
  (client: GenesysClient, read: ReadListed) =>
  (filter: CampaignFilter): Stream.Stream<CampaignPage, GatewayError> => {
    const chunks = idChunks(filter)
    const first = 1 + (filter.ids === undefined ? (filter.skipPages ?? 0) : 0)
    const pagesOf = (ids: ReadonlyArray<string> | undefined) =>
      Stream.paginate(first, (pageNumber) =>
        Effect.map(
          page(client, read, filter, ids, pageNumber, chunks.length === 1),
          ({ last, page }) => [[page], last ? Option.none<number>() : Option.some(pageNumber + 1)]
        )
      )
    return Stream.flatMap(Stream.fromIterable(chunks), pagesOf)
  }

const page = Effect.fnUntraced(function* (
  client: GenesysClient,
  read: ReadListed,
  filter: CampaignFilter,
  ids: ReadonlyArray<string> | undefined,
  pageNumber: number,
  totalIsWhole: boolean
) {
  const { body, receivedAt } = yield* client.call({
    what: WHAT,
    permission: permissions.viewCampaign,
    route: routes.listCampaigns,
    send: ({ outbound }) => outbound.getOutboundCampaigns(pageQuery(filter, ids, pageNumber))
  })
  if (!Array.isArray(fieldOf(body, "entities"))) return yield* malformed(WHAT, "entities")
  const items = listOf(body, "entities")
  const [campaigns, errors] = yield* Effect.partition(items, (item) =>
    Effect.mapError(read(item, receivedAt), (error) => ({ item, error }))
  )
  const [first] = errors
  if (first !== undefined && filter.passUnreadable === undefined)
    return yield* Effect.fail(first.error)
  const pageCount = numberOf(fieldOf(body, "pageCount"))
  const total = numberOf(fieldOf(body, "total"))
  const found: CampaignPage = {
    campaigns: ids === undefined ? campaigns : inOrder(campaigns, ids),
    ...(totalIsWhole && total !== undefined ? { total } : {}),
    ...(first === undefined
      ? {}
      : { unreadable: { ids: errors.flatMap(({ item }) => idsOf(item)), error: first.error } })
  }
  const last =
    items.length === 0 ||
    (pageCount === undefined ? items.length < PAGE_SIZE : pageNumber >= pageCount)
  return { page: found, last }
})

const idsOf = (item: unknown): ReadonlyArray<CampaignId> =>
  Option.toArray(decodeId(textOf(item, "id")?.toLowerCase()))

const inOrder = (
  campaigns: ReadonlyArray<Campaign>,
  ids: ReadonlyArray<string>
): ReadonlyArray<Campaign> => {
  const rank = new Map(ids.map((id, index) => [id, index]))
  return campaigns.toSorted((a, b) => (rank.get(a.id) ?? 0) - (rank.get(b.id) ?? 0))
}
