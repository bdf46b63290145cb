// Read ahead, so that the first request of a test takes no longer than the others.
import "@genesyscloud/api-client-node/src/purecloud-platform-client-v2/api/NotificationsApi.js"
import "../../src/notifications/GenesysEvents.ts"
import { CampaignEvents, CampaignId, type CampaignNews } from "@campaignctl/core"
import { Effect, Queue, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import { layerOver } from "../../src/layer.ts"
import { PING, topicOf } from "../../src/notifications/decodeFrame.ts"
import {
  type OpenSocket,
  type Socket,
  type SocketNews,
  SocketRefused
} from "../../src/notifications/Socket.ts"
import type { WireReply, WireRequest } from "../../src/wire/Transport.ts"
import { API, CLIENT_SECRET, FakeGenesys, json } from "./fakeGenesys.ts"

/** What Genesys sends every 30 s. */
const HEARTBEAT_MS = 30_000
const heartbeat = JSON.stringify({
  topicName: "channel.metadata",
  eventBody: { message: "WebSocket Heartbeat" }
})
const pong = JSON.stringify({ topicName: "channel.metadata", eventBody: { message: "pong" } })
export const closing = JSON.stringify({ topicName: "v2.system.socket_closing", eventBody: {} })

export const frameOf = (id: CampaignId, fields: object): string =>
  JSON.stringify({
    topicName: topicOf(id),
    version: "2",
    eventBody: { id, name: "Fake", campaignStatus: "on", version: 1, ...fields },
    metadata: { CorrelationId: "c" }
  })

/** What a socket keeps from its client: nothing, everything but heartbeats and pongs, or everything. */
type Deafness = "none" | "events" | "all"

interface FakeSocket {
  readonly news: Queue.Queue<SocketNews>
  deaf: Deafness
  pings: number
}

interface FakeChannel {
  readonly id: string
  topics: ReadonlySet<string>
  socket: FakeSocket | undefined
}

/** Notification channels that are a few maps, on the test's own clock. */
export class FakeChannels {
  readonly channels = new Map<string, FakeChannel>()
  /** Answers for the next requests about channels, instead of the true ones. */
  readonly failures: Array<WireReply> = []
  /** Refusals for the next sockets. */
  readonly refusals: Array<SocketRefused> = []
  /** Campaigns that cannot be subscribed to. */
  readonly invisible = new Set<CampaignId>()
  /** Campaigns of which one fails the request for all. */
  readonly invalid = new Set<CampaignId>()
  readonly genesys = new FakeGenesys((request) => this.#answer(request))
  expires: unknown = undefined
  heartbeats = true
  opened = 0
  #version = 1

  /** The channels whose socket is open. */
  get connected(): ReadonlyArray<FakeChannel> {
    return [...this.channels.values()].filter(({ socket }) => socket !== undefined)
  }

  get layer() {
    return layerOver(
      {
        contract: "platform",
        apiUrl: API,
        loginUrl: "http://login.example",
        clientId: "client",
        clientSecret: Redacted.make(CLIENT_SECRET)
      },
      Effect.succeed(this.genesys.transport),
      this.open
    )
  }

  /** Changes a campaign and tells whoever is subscribed; returns the lock that it has then. */
  change(id: CampaignId, status = "on"): string {
    this.#version += 1
    this.tell(id, frameOf(id, { campaignStatus: status, version: this.#version }))
    return String(this.#version)
  }

  /** Sends a frame to those who are subscribed to the campaign. */
  tell(id: CampaignId, text: string): void {
    for (const { socket, topics } of this.channels.values())
      if (socket?.deaf === "none" && topics.has(topicOf(id)))
        Queue.offerUnsafe(socket.news, { _tag: "Text", text })
  }

  /** Sends a frame over every socket. */
  tellAll(text: string): void {
    for (const { socket } of this.connected)
      if (socket?.deaf === "none") Queue.offerUnsafe(socket.news, { _tag: "Text", text })
  }

  close(channels = this.connected): void {
    for (const channel of channels) {
      if (channel.socket !== undefined)
        Queue.offerUnsafe(channel.socket.news, { _tag: "Ended", why: "The test closed it." })
      channel.socket = undefined
    }
  }

  expire(): void {
    this.close()
    this.channels.clear()
  }

  deafen(deaf: Deafness): void {
    for (const { socket } of this.connected) if (socket !== undefined) socket.deaf = deaf
  }

  readonly open: OpenSocket = (address) =>
    Effect.gen({ self: this }, function* () {
      const refusal = this.refusals.shift()
      if (refusal !== undefined) return yield* refusal
      const channel = this.channels.get(Redacted.value(address).split("/").at(-1) ?? "")
      if (channel === undefined) return yield* new SocketRefused({ why: "404", status: 404 })
      const news = yield* Queue.unbounded<SocketNews>()
      const fake: FakeSocket = { news, deaf: "none", pings: 0 }
      this.opened += 1
      yield* Effect.acquireRelease(
        Effect.sync(() => {
          channel.socket = fake
        }),
        () =>
          Effect.sync(() => {
            if (channel.socket === fake) channel.socket = undefined
          })
      )
      const beat = (text: string) =>
        Effect.sync(() => {
          const late = text === heartbeat && !this.heartbeats
          if (channel.socket === fake && fake.deaf !== "all" && !late)
            Queue.offerUnsafe(news, { _tag: "Text", text })
        })
      yield* Effect.sleep(HEARTBEAT_MS).pipe(
        Effect.andThen(beat(heartbeat)),
        Effect.forever,
        Effect.forkScoped
      )
      const socket: Socket = {
        next: Queue.take(news),
        send: (text) =>
          Effect.suspend(() => {
            fake.pings += text === PING ? 1 : 0
            return text === PING ? beat(pong) : Effect.void
          })
      }
      return socket
    })

  #answer({ body, method, url }: WireRequest): WireReply {
    const failure = this.failures.shift()
    if (failure !== undefined) return failure
    if (method === "POST" && url.endsWith("/channels")) {
      const id = `channel-${this.genesys.requests.length}`
      this.channels.set(id, { id, topics: new Set(), socket: undefined })
      const connectUri = `ws://streaming.example/channels/${id}`
      return json(200, { id, connectUri, expires: this.expires })
    }
    const id = /channels\/([^/]+)\/subscriptions\?ignoreErrors=true$/.exec(url)?.[1] ?? ""
    const channel = this.channels.get(id)
    if (channel === undefined)
      return json(404, { status: 404, code: "not.found", message: `No channel ${id}.` })
    // The body is what the adapter sent.
    const asked = JSON.parse(body ?? "[]") as ReadonlyArray<{ readonly id: string }>
    const hidden = new Set(Array.from(this.invisible, topicOf))
    const invalid = new Set(Array.from(this.invalid, topicOf))
    if (asked.some((topic) => invalid.has(topic.id)))
      return json(400, { status: 400, code: "notification.invalid.topic", message: "Not valid." })
    const topics = asked.map((topic) => topic.id).filter((topic) => !hidden.has(topic))
    channel.topics = new Set([...(method === "PUT" ? [] : channel.topics), ...topics])
    return json(200, {
      entities: asked.map((topic) => ({
        id: topic.id,
        state: hidden.has(topic.id) ? "Rejected" : "Permitted"
      }))
    })
  }
}

/** The nth campaign of a test. */
export const campaign = (number: number): CampaignId =>
  CampaignId.make(`77777777-7777-4777-8777-${String(number).padStart(12, "0")}`)
export const campaigns = (count: number): ReadonlyArray<CampaignId> =>
  Array.from({ length: count }, (_, index) => campaign(index))

/** Turns of Node's event loop in which requests that are under way certainly end. */
const TURNS = 12

/** Lets everything end that needs no time. */
export const settled: Effect.Effect<void> = Effect.promise(async () => {
  for (let turn = 0; turn < TURNS; turn++)
    await new Promise<void>((resolve) => void setImmediate(resolve))
})

/** Lets time pass in steps, so that requests end between them, or until this is true. */
export const pass = Effect.fnUntraced(function* (
  millis: number,
  step = 5_000,
  until: () => boolean = () => false
) {
  yield* settled
  for (let passed = 0; passed < millis && !until(); passed += step) {
    yield* TestClock.adjust(Math.min(step, millis - passed))
    yield* settled
  }
})

/** A reader of the news that keeps what it heard, and the campaigns that are covered by it. */
export const listen = Effect.gen(function* () {
  const events = yield* CampaignEvents
  const heard: Array<CampaignNews> = []
  const covered = new Set<CampaignId>()
  yield* Effect.forkScoped(
    Stream.runForEach(events.news, (news) =>
      Effect.sync(() => {
        heard.push(news)
        if (news._tag === "Covered") for (const id of news.ids) covered.add(id)
        if (news._tag === "Lost") for (const id of news.ids) covered.delete(id)
      })
    ),
    { startImmediately: true }
  )
  const seen = (id: CampaignId) =>
    heard.flatMap((news) =>
      news._tag === "Seen" && news.campaign.id === id ? [news.campaign.lock] : []
    )
  return { events, heard, covered, seen, tags: () => heard.map(({ _tag }) => _tag) }
})
