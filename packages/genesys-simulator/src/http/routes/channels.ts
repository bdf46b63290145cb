import type { JsonObject } from "../../Json.ts"
import type { Channel } from "../../notifications/Channel.ts"
import { isOwn } from "../../notifications/Channels.ts"
import type { NamedTopic } from "../../notifications/Topics.ts"
import type { SimulatorState } from "../../SimulatorState.ts"
import { json, noContent, refuse } from "../ApiAnswer.ts"
import type { ApiAnswer } from "../ApiAnswer.ts"
import type { ApiRequest, Route } from "../Route.ts"
import type { Token } from "../Tokens.ts"
import { NOTIFICATION_SCOPE as SCOPE } from "./availableTopics.ts"
import { readWishes, renderTopic } from "./TopicWish.ts"
import type { TopicWish } from "./TopicWish.ts"

const CHANNELS = "/api/v2/notifications/channels"
const SUBSCRIPTIONS = `${CHANNELS}/:channelId/subscriptions`
/** Topics of one channel. Source: notification service guide. */
const TOPIC_LIMIT = 1000

const tokenOf = (request: ApiRequest): Token => {
  // The pipeline lets no request without a token through to a route that is not public.
  if (request.token === undefined) throw refuse("authentication.required")
  return request.token
}

const channelOf = (state: SimulatorState, request: ApiRequest): Channel => {
  const { facts } = state.world
  const channel = state.notifications.channels.find(request.params["channelId"] ?? "")
  if (channel === undefined || !isOwn(channel, tokenOf(request), facts)) {
    throw refuse(
      facts.missingChannel === "notFound" ? "not.found" : "notification.unable.to.get.channel.id"
    )
  }
  state.notifications.use(channel)
  return channel
}

const renderChannel = (state: SimulatorState, channel: Channel): JsonObject => ({
  connectUri: `${state.notifications.socketUrl}/channels/${channel.id}`,
  id: channel.id,
  expires: new Date(channel.expiresAt).toISOString()
})

const renderTopics = (channel: Channel, rejected: ReadonlyArray<TopicWish> = []): ApiAnswer => {
  const held = [...channel.topics].map(([name, topic]) => ({ name, topic, code: undefined }))
  return json({ entities: [...held, ...rejected].map(renderTopic) })
}

/** Makes a channel's topics what is wished for, added to those that it has or in their place; all of it or none. */
const subscribe = (
  state: SimulatorState,
  request: ApiRequest,
  channel: Channel,
  before: ReadonlyMap<string, NamedTopic>
): ApiAnswer => {
  const wishes = readWishes(state, request)
  const ignored = (code: string): boolean =>
    request.query.get("ignoreErrors") === "true" &&
    (code !== "notification.invalid.topic" ||
      state.world.facts.ignoreErrorsInvalidTopic === "listed")
  const topics = new Map(before)
  for (const { name, topic, code } of wishes) {
    if (code !== undefined && !ignored(code)) throw refuse(code)
    if (code === undefined && topic !== undefined) topics.set(name, topic)
  }
  if (topics.size > TOPIC_LIMIT) throw refuse("notification.subscription.too.many.subscriptions")
  channel.topics = topics
  return renderTopics(
    channel,
    wishes.filter(({ code }) => code !== undefined)
  )
}

const listChannels: Route = {
  method: "GET",
  path: CHANNELS,
  access: "token",
  scope: SCOPE,
  handle: (state, request) => {
    const token = tokenOf(request)
    const included = request.query.get("includechannels") ?? "token"
    if (included !== "token" && included !== "oauthclient")
      throw refuse("invalid.query.param.value", "includechannels must be token or oauthclient.")
    const entities = state.notifications.channels
      .all()
      .filter((channel) => channel.token.clientId === token.clientId)
      .flatMap((channel): ReadonlyArray<JsonObject> => {
        if (channel.token.text === token.text) return [renderChannel(state, channel)]
        // Channels of other tokens are "presented to show their existence", without their ids.
        const { expires } = renderChannel(state, channel)
        return included === "token" || expires === undefined ? [] : [{ expires }]
      })
    return json({ entities })
  }
}

const createChannel: Route = {
  method: "POST",
  path: CHANNELS,
  access: "token",
  scope: SCOPE,
  handle: (state, request) =>
    json(renderChannel(state, state.notifications.create(tokenOf(request))))
}

const listSubscriptions: Route = {
  method: "GET",
  path: SUBSCRIPTIONS,
  access: "token",
  scope: SCOPE,
  handle: (state, request) => renderTopics(channelOf(state, request))
}

const replaceSubscriptions: Route = {
  method: "PUT",
  path: SUBSCRIPTIONS,
  access: "token",
  scope: SCOPE,
  handle: (state, request) => {
    const channel = channelOf(state, request)
    const answer = subscribe(state, request, channel, new Map())
    state.notifications.extend(channel)
    return answer
  }
}

const addSubscriptions: Route = {
  method: "POST",
  path: SUBSCRIPTIONS,
  access: "token",
  scope: SCOPE,
  handle: (state, request) => {
    const channel = channelOf(state, request)
    const answer = subscribe(state, request, channel, channel.topics)
    if (state.world.facts.postExtendsChannel) state.notifications.extend(channel)
    return answer
  }
}

const removeSubscriptions: Route = {
  method: "DELETE",
  path: SUBSCRIPTIONS,
  access: "token",
  scope: SCOPE,
  handle: (state, request) => {
    channelOf(state, request).topics = new Map()
    return noContent
  }
}

/** Notification channels of the platform contract, and their subscriptions. */
export const channelRoutes: ReadonlyArray<Route> = [
  listChannels,
  createChannel,
  listSubscriptions,
  replaceSubscriptions,
  addSubscriptions,
  removeSubscriptions
]
