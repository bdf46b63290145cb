import { expect, it } from "vitest"
import type { CampaignStatus, Simulator } from "../src/index.ts"
import {
  CHANNELS,
  hear,
  isHeartbeat,
  listenTo,
  refusal,
  subscriptions,
  topic,
  topics
} from "./support/channel.ts"
import type { Frame } from "./support/channel.ts"
import { campaignPath, connect, named } from "./support/connect.ts"
import type { Client } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const statuses = (frames: ReadonlyArray<Frame>): ReadonlyArray<string> =>
  frames.map((frame) => frame.eventBody.campaignStatus)

interface Scene {
  readonly simulator: Simulator
  readonly call: Client
  readonly id: string
}

const put = async ({ call, id }: Scene, change: object): Promise<void> => {
  const { body } = await call("GET", campaignPath(id))
  const answer = await call("PUT", campaignPath(id), { body: { ...body, ...change } })
  expect(answer.status).toBe(200)
}

/** Every way in which a campaign is changed, from a campaign that is on, and what is heard of it. */
const WAYS: ReadonlyArray<
  readonly [name: string, act: (scene: Scene) => Promise<unknown>, heard: ReadonlyArray<string>]
> = [
  ["a PUT of a field", (scene) => put(scene, { priority: 1 }), ["on"]],
  ["a PUT off", (scene) => put(scene, { campaignStatus: "off" }), ["stopping"]],
  [
    "a PATCH",
    ({ call, id }) => call("PATCH", campaignPath(id), { body: { abandonRate: 1 } }),
    ["on"]
  ],
  [
    "a stop and a start",
    async ({ call, id }) => {
      await call("POST", `${campaignPath(id)}/stop`)
      await call("POST", `${campaignPath(id)}/start`)
    },
    ["stopping", "on"]
  ],
  [
    "the user interface, and the end of the drain",
    async ({ simulator: { control }, id }) => {
      await control.changeCampaign(id, { turn: "off" })
      await control.advance(10)
    },
    ["stopping", "off"]
  ],
  [
    "a forced stop, and its end",
    async ({ simulator: { control }, id }) => {
      await control.changeCampaign(id, { status: "forced_stopping" })
      await control.advance(10)
    },
    ["forced_stopping", "forced_off"]
  ],
  [
    "a list that ran out",
    async ({ simulator: { control }, id }) => {
      await control.changeCampaign(id, { contactsRemaining: 0, outstandingCalls: 0 })
      await control.advance(1)
    },
    ["complete"]
  ],
  [
    "another writer",
    async (scene) => {
      await scene.simulator.control.fault({ kind: "otherWriter", fields: { priority: 3 } })
      await scene.call("GET", campaignPath(scene.id))
    },
    ["on"]
  ],
  [
    "a recycling, which changes neither status nor version",
    ({ call, id }) => call("DELETE", `${campaignPath(id)}/progress`),
    []
  ]
]

it.each(WAYS)("tells of %s", (_, act, heard) =>
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    const listening = await listenTo(call, id)
    await act({ simulator, call, id })
    expect(statuses(await listening.news())).toEqual(heard)
  })()
)

it(
  "sends what GET answers, in the event's own form, with a correlation id of its own",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const [id, other] = [named(simulator, "Spring"), named(simulator, "Winback")]
    const { news } = await listenTo(call, id)
    await call("POST", `${campaignPath(other)}/start`)
    await call("POST", `${campaignPath(id)}/stop`)
    await simulator.control.advance(20)
    const { body: now } = await call("GET", campaignPath(id))
    const frames = await news()
    const bare = ({ id: key, name }: { readonly id: string; readonly name: string }) => ({
      id: key,
      name
    })
    expect(frames.at(-1)).toEqual({
      topicName: topic(id),
      version: "2",
      eventBody: expect.objectContaining({
        id,
        name: now.name,
        version: now.version,
        dateModified: now.dateModified,
        campaignStatus: "off",
        contactList: bare(now.contactList),
        queue: bare(now.queue),
        division: bare(now.division),
        dncLists: now.dncLists.map(bare),
        additionalProperties: {}
      }),
      metadata: { CorrelationId: expect.stringMatching(/^[0-9a-f-]{36}$/) }
    })
    expect(frames.every((frame) => frame.topicName === topic(id))).toBe(true)
    expect(new Set(frames.map((frame) => frame.metadata.CorrelationId)).size).toBe(frames.length)
  })
)

it.each<[CampaignStatus, "shown" | "documented", string]>([
  ["forced_off", "shown", "forced_off"],
  ["forced_stopping", "shown", "forced_stopping"],
  ["forced_off", "documented", "off"],
  ["forced_stopping", "documented", "stopping"],
  ["invalid", "documented", "invalid"]
])("names %s, when forced statuses are %s, %s", (status, forcedStatusInEvents, shown) =>
  withSimulator({ unknownFacts: { forcedStatusInEvents } }, async (simulator) => {
    const id = named(simulator, "Winback")
    const { news } = await listenTo(await connect(simulator), id)
    await simulator.control.changeCampaign(id, { status })
    expect(statuses(await news())).toEqual([shown])
  })()
)

it(
  "tells of a status that changed without the version",
  withSimulator(
    { unknownFacts: { startStopBumpsVersion: false, drainEndBumpsVersion: false } },
    async (simulator) => {
      const id = named(simulator, "Spring")
      const { news } = await listenTo(await connect(simulator), id)
      await simulator.control.changeCampaign(id, { turn: "off" })
      await simulator.control.advance(10)
      const frames = await news()
      expect(statuses(frames)).toEqual(["stopping", "off"])
      expect(new Set(frames.map((frame) => frame.eventBody.version)).size).toBe(1)
    }
  )
)

it(
  "tells every channel that asked, and none that asked no more",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Winback")
    const [first, second] = [await listenTo(call, id), await listenTo(call, id)]
    await simulator.control.changeCampaign(id, { turn: "on" })
    await call("DELETE", subscriptions(first.channelId))
    await simulator.control.changeCampaign(id, { turn: "off" })
    expect(statuses(await first.news())).toEqual(["on"])
    expect(statuses(await second.news())).toEqual(["on", "stopping"])
  })
)

it(
  "sends a heartbeat every 30 seconds of the world, and answers a ping",
  withSimulator({}, async (simulator) => {
    const { news, frames, socket } = await listenTo(await connect(simulator))
    await simulator.control.advance(29.9)
    expect(await news()).toEqual([])
    await simulator.control.advance(0.1)
    expect(await news()).toEqual([
      { topicName: "channel.metadata", eventBody: { message: "WebSocket Heartbeat" } }
    ])
    await simulator.control.advance(90)
    expect((await news()).filter(isHeartbeat)).toHaveLength(3)
    for (const odd of ["", "{", "[]", '{"message":"hello"}', '"ping"']) socket.send(odd)
    expect(await news()).toEqual([])
    expect(frames.at(-1)).toEqual({ topicName: "channel.metadata", eventBody: { message: "pong" } })
  })
)

it(
  "loses what happens while no socket is open",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Winback")
    const listening = await listenTo(call, id)
    listening.socket.close()
    await listening.closed
    await simulator.control.changeCampaign(id, { turn: "on" })
    const again = await hear(listening.connectUri)
    await simulator.control.changeCampaign(id, { turn: "off" })
    expect(statuses(await again.news())).toEqual(["stopping"])
    const [channel] = await simulator.control.channels()
    expect(channel).toMatchObject({ connected: true, connects: 2, frames: { unheard: 1 } })
  })
)

it(
  "tells how far a campaign is when that is asked for",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    const { channelId, news } = await listenTo(call)
    const body = topics(topic(id, ".progress"), topic(id, ".stats"))
    expect((await call("PUT", subscriptions(channelId), { body })).status).toBe(200)
    await simulator.control.advance(25)
    const frames = await news()
    expect(frames.length).toBeGreaterThanOrEqual(2)
    const called = frames.map((frame) => frame.eventBody.numberOfContactsCalled)
    expect(called).toEqual(called.toSorted((left, right) => left - right))
    expect(frames[0]).toMatchObject({ topicName: topic(id, ".progress"), version: "2" })
  })
)

it(
  "closes the socket and forgets the channel when its day is over, unless it was subscribed again",
  withSimulator({ tokenSeconds: 1e6 }, async (simulator) => {
    const call = await connect(simulator)
    const [left, kept] = [await listenTo(call), await listenTo(call)]
    await simulator.control.advance(86_000)
    await call("PUT", subscriptions(kept.channelId), { body: [] })
    await simulator.control.advance(400)
    expect(await left.closed).toEqual({ code: 1001, reason: "The channel has expired." })
    expect((await call("GET", subscriptions(left.channelId))).status).toBe(404)
    expect(await refusal(left.connectUri)).toBe(404)
    expect((await simulator.control.channels()).map(({ id }) => id)).toEqual([kept.channelId])
  })
)

it(
  "ends a channel with its token",
  withSimulator({}, async (simulator) => {
    const { channelId, closed } = await listenTo(await connect(simulator))
    const call = await connect(simulator)
    // Another token of the same client does not reach it either.
    expect((await call("GET", subscriptions(channelId))).status).toBe(404)
    await simulator.control.revokeTokens()
    expect(await closed).toEqual({ code: 1001, reason: "The token is no longer valid." })
    expect(await simulator.control.channels()).toEqual([])
  })
)

it(
  "lets a channel outlive its token when it belongs to the client",
  withSimulator({ unknownFacts: { channelBelongsTo: "client" } }, async (simulator) => {
    const { channelId, news } = await listenTo(await connect(simulator))
    await simulator.control.revokeTokens()
    expect(await news()).toEqual([])
    const call = await connect(simulator)
    expect((await call("GET", subscriptions(channelId))).status).toBe(200)
  })
)

it(
  "closes a channel's first socket for its second",
  withSimulator({}, async (simulator) => {
    const first = await listenTo(await connect(simulator))
    const second = await hear(first.connectUri)
    expect(await first.closed).toMatchObject({ code: 1001 })
    expect(await second.news()).toEqual([])
  })
)

it(
  "refuses a channel's second socket when that is set",
  withSimulator({ unknownFacts: { secondSocket: "refused" } }, async (simulator) => {
    const first = await listenTo(await connect(simulator))
    expect(await refusal(first.connectUri)).toBe(409)
    expect(await first.news()).toEqual([])
  })
)

it(
  "lives by itself on a real clock while somebody listens",
  withSimulator({ clock: { mode: "real", speed: 100 } }, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    const { frames, socket } = await listenTo(call, id)
    await call("POST", `${campaignPath(id)}/stop`)
    const told = (): boolean => statuses(frames).includes("off") && frames.some(isHeartbeat)
    await new Promise<void>((resolve) =>
      socket.on("message", () => {
        if (told()) resolve()
      })
    )
    expect(statuses(frames.filter((frame) => !isHeartbeat(frame)))).toEqual(["stopping", "off"])
  })
)

it(
  "opens no socket but a channel's",
  withSimulator({}, async (simulator) => {
    const { body } = await (await connect(simulator))("POST", CHANNELS)
    expect(body.connectUri).toBe(`${simulator.apiUrl.replace("http", "ws")}/channels/${body.id}`)
    const origin = new URL(body.connectUri).origin
    for (const path of ["/", "/channels/nope", `/channels/${body.id}/more`, "/api/v2/channels/x"])
      expect(await refusal(`${origin}${path}`)).toBe(404)
  })
)
