import type { CampaignId, GatewayError } from "@campaignctl/core"
import { Clock, Effect, Redacted } from "effect"
import { permissions } from "../permissions.ts"
import { routes } from "../routes.ts"
import type { GenesysClient } from "../wire/GenesysClient.ts"
import { listOf, textOf } from "../wire/json.ts"
import type { Channel } from "./Channel.ts"
import { campaignOf, topicOf } from "./decodeFrame.ts"

/** What a topic that may not be had is listed as. Source: Genesys' API description, ChannelTopic. */
const REJECTED = "Rejected"
/** One such topic may fail the request for all the others, whatever `ignoreErrors` says. */
const INVALID_TOPIC = "notification.invalid.topic"

const WHAT = "subscribing to the campaigns' notifications"

/**
 * Has the channel tell of exactly these campaigns; returns those that Genesys accepted.
 *
 * Where one of them is no topic to Genesys, such as a campaign that was deleted, it is found by halves
 * and left out, without a moment in which the channel tells of less than before.
 */
export const subscribe = Effect.fnUntraced(function* (
  client: GenesysClient,
  channel: Channel,
  ids: ReadonlySet<CampaignId>
): Effect.fn.Return<ReadonlySet<CampaignId>, GatewayError> {
  const asked = () => [...ids].filter((id) => !channel.invalid.has(id))
  const body = yield* replace(client, channel, asked()).pipe(
    Effect.catchIf(isInvalidTopic, () =>
      Effect.andThen(
        findInvalid(client, channel, asked()),
        Effect.suspend(() => replace(client, channel, asked()))
      )
    )
  )
  channel.expiresAt = (yield* Clock.currentTimeMillis) + channel.livesMs
  const accepted = new Set<CampaignId>()
  for (const topic of listOf(body, "entities")) {
    const id = campaignOf(textOf(topic, "id"))
    if (id !== undefined && ids.has(id) && textOf(topic, "state") !== REJECTED) accepted.add(id)
  }
  return accepted
})

const isInvalidTopic = (error: GatewayError): boolean =>
  error._tag === "GenesysRefused" && error.genesysCode === INVALID_TOPIC

const topicsOf = (ids: ReadonlyArray<CampaignId>) => ids.map((id) => ({ id: topicOf(id) }))

// Without this one campaign that may not be seen fails the request for all the others.
const OPTIONS = { ignoreErrors: true }

const replace = (client: GenesysClient, channel: Channel, ids: ReadonlyArray<CampaignId>) =>
  Effect.map(
    client.call({
      what: WHAT,
      permission: permissions.notifications,
      route: routes.subscribe,
      send: async ({ notifications }) =>
        (await notifications()).putNotificationsChannelSubscriptions(
          Redacted.value(channel.id),
          topicsOf(ids),
          OPTIONS
        )
    }),
    ({ body }) => body
  )

const add = (client: GenesysClient, channel: Channel, ids: ReadonlyArray<CampaignId>) =>
  client.call({
    what: WHAT,
    permission: permissions.notifications,
    route: routes.addSubscriptions,
    send: async ({ notifications }) =>
      (await notifications()).postNotificationsChannelSubscriptions(
        Redacted.value(channel.id),
        topicsOf(ids),
        OPTIONS
      )
  })

/** Finds those of the campaigns, of which there is at least one, that are no topics. */
const findInvalid = (
  client: GenesysClient,
  channel: Channel,
  ids: ReadonlyArray<CampaignId>
): Effect.Effect<void, GatewayError> => {
  const [only] = ids
  if (only === undefined) return Effect.void
  if (ids.length === 1) return Effect.sync(() => void channel.invalid.add(only))
  const half = Math.ceil(ids.length / 2)
  return Effect.forEach(
    [ids.slice(0, half), ids.slice(half)],
    (part) => trial(client, channel, part),
    {
      discard: true
    }
  )
}

/** Any other refusal, such as too many topics beside the old ones, says that every topic is one. */
const trial = (
  client: GenesysClient,
  channel: Channel,
  ids: ReadonlyArray<CampaignId>
): Effect.Effect<void, GatewayError> =>
  add(client, channel, ids).pipe(
    Effect.asVoid,
    Effect.catchTag("GenesysRefused", (refused) =>
      isInvalidTopic(refused) ? findInvalid(client, channel, ids) : Effect.void
    )
  )
