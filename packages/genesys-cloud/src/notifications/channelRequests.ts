import type { CampaignId, GatewayError, GenesysUnavailable } from "@campaignctl/core"
import { Effect, Redacted } from "effect"
import { permissions } from "../permissions.ts"
import { routes } from "../routes.ts"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { textOf } from "../wire/json.ts"
import { malformed } from "../wire/malformed.ts"
import type { Channel } from "./Channel.ts"
import { CHANNEL_LIFE_MS, SHORTEST_LIFE_MS } from "./limits.ts"
import { subscribe } from "./subscribe.ts"

/** The requests about channels. */
export interface ChannelRequests {
  readonly create: Effect.Effect<Channel, GatewayError>
  /** Has the channel tell of exactly these campaigns; returns those of them that Genesys accepted. */
  readonly subscribe: (
    channel: Channel,
    ids: ReadonlySet<CampaignId>
  ) => Effect.Effect<ReadonlySet<CampaignId>, GatewayError>
}

/** The protocols of a channel's address; a plain one only where the API itself is asked in plain. */
const PROTOCOLS: Readonly<Record<string, ReadonlySet<string>>> = {
  "https:": new Set(["wss:"]),
  "http:": new Set(["ws:", "wss:"])
}

/** The requests about channels over a client of the API at this address. */
export const channelRequests = (client: GenesysClient, apiUrl: string): ChannelRequests => {
  const protocols = PROTOCOLS[new URL(apiUrl).protocol]
  return {
    create: Effect.flatMap(
      client.call({
        what: CREATING,
        permission: permissions.notifications,
        route: routes.createChannel,
        send: async ({ notifications }) => (await notifications()).postNotificationsChannels()
      }),
      ({ body, receivedAt }) => readChannel(body, receivedAt, protocols ?? new Set())
    ),
    subscribe: (channel, ids) => subscribe(client, channel, ids)
  }
}

const CREATING = "creating a notification channel"

const readChannel = (
  body: unknown,
  receivedAt: number,
  protocols: ReadonlySet<string>
): Effect.Effect<Channel, GenesysUnavailable> => {
  const id = textOf(body, "id")
  const address = textOf(body, "connectUri")
  if (id === undefined) return Effect.fail(malformed(CREATING, "id"))
  if (address === undefined || !URL.canParse(address) || !protocols.has(new URL(address).protocol))
    return Effect.fail(malformed(CREATING, "connectUri"))
  const told = Date.parse(textOf(body, "expires") ?? "") - receivedAt
  const livesMs = told >= SHORTEST_LIFE_MS && told <= CHANNEL_LIFE_MS ? told : CHANNEL_LIFE_MS
  return Effect.succeed({
    id: Redacted.make(id, { label: "notification channel" }),
    address: Redacted.make(address, { label: "notification channel" }),
    livesMs,
    expiresAt: receivedAt + livesMs,
    invalid: new Set()
  })
}
