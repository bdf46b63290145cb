import { once } from "node:events"
import { connect as openSocket } from "node:net"
import { expect, it } from "vitest"
import type { ChannelFaultRequest, Simulator } from "../src/index.ts"
import { CHANNELS, hear, isHeartbeat, listenTo, refusal } from "./support/channel.ts"
import type { Listening } from "./support/channel.ts"
import { connect, named } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

interface Scene extends Listening {
  readonly simulator: Simulator
  readonly id: string
  readonly other: string
  /** Gives a campaign this priority; an event each. */
  readonly change: (priority: number, id?: string) => Promise<void>
  readonly fault: (fault: ChannelFaultRequest) => Promise<number>
}

/** A channel that listens to two campaigns that are off. */
const scene = (use: (scene: Scene) => Promise<void>) =>
  withSimulator({}, async (simulator) => {
    const [id, other] = [named(simulator, "Winback"), named(simulator, "Night")]
    const listening = await listenTo(await connect(simulator), id, other)
    const change = async (priority: number, which = id): Promise<void> => {
      await simulator.control.changeCampaign(which, { fields: { priority } })
    }
    const fault = async (request: ChannelFaultRequest): Promise<number> =>
      (await simulator.control.channelFault(request)).struck
    await use({ ...listening, simulator, id, other, change, fault })
  })

const priorities = async ({ news }: Listening): Promise<ReadonlyArray<number>> =>
  (await news()).map((frame) => frame.eventBody.priority)

it.each<[ChannelFaultRequest, ReadonlyArray<number>, afterwards: ReadonlyArray<number>]>([
  [{ kind: "missEvent" }, [2, 3, 4, 5], [6]],
  [{ kind: "missEvent", count: 2, after: 1 }, [1, 4, 5], [6]],
  [{ kind: "missEvent", count: "always" }, [], [6]],
  [{ kind: "duplicateEvent" }, [1, 1, 2, 3, 4, 5], [6]],
  [{ kind: "duplicateEvent", after: 4 }, [1, 2, 3, 4, 5, 5], [6]],
  [{ kind: "swapEvent" }, [2, 1, 3, 4, 5], [6]],
  [{ kind: "swapEvent", count: 2 }, [2, 1, 4, 3, 5], [6]],
  [{ kind: "swapEvent", after: 4 }, [1, 2, 3, 4], [6, 5]]
])("%o makes five events %o", (request, heard, afterwards) =>
  scene(async ({ change, fault, simulator, ...listening }) => {
    expect(await fault(request)).toBe(0)
    for (const priority of [1, 2, 3, 4, 5]) await change(priority)
    expect(await priorities(listening)).toEqual(heard)
    const always = request.count === "always"
    expect(await simulator.control.channelFaults()).toHaveLength(always ? 1 : 0)
    await simulator.control.clearChannelFaults()
    await change(6)
    expect(await priorities(listening)).toEqual(afterwards)
  })()
)

it(
  "the oldest fault strikes an event alone, and only where it is aimed",
  scene(async ({ change, fault, simulator, id, other, channelId, ...listening }) => {
    const second = await listenTo(await connect(simulator), id)
    await fault({ kind: "missEvent", campaignId: other })
    await fault({ kind: "missEvent", channelId: second.channelId })
    await fault({ kind: "duplicateEvent", channelId, campaignId: id })
    await change(1)
    await change(2, other)
    await change(3, other)
    expect(await priorities({ ...listening, channelId })).toEqual([1, 1, 3])
    expect(await priorities(second)).toEqual([])
    const frames = (await simulator.control.channels()).map((channel) => channel.frames)
    expect(frames).toMatchObject([
      { events: 3, missed: 1 },
      { events: 0, missed: 1 }
    ])
    expect(await simulator.control.frames()).toMatchObject({ events: 3, missed: 2, pongs: 2 })
    await simulator.control.channelFault({ kind: "expire" })
    // What is gone is still counted.
    expect(await simulator.control.frames()).toMatchObject({ events: 3, missed: 2, pongs: 2 })
    const waiting = await simulator.control.channelFault({ kind: "missEvent" })
    await simulator.control.clearChannelFaults(waiting.id)
    await expect(simulator.control.clearChannelFaults(waiting.id)).rejects.toThrow("is waiting")
  })
)

it(
  "silence keeps back everything, pongs and answers to pings of the protocol too, until a new socket is opened",
  scene(async ({ change, fault, simulator, socket, frames, closed, connectUri }) => {
    expect(await fault({ kind: "silence" })).toBe(1)
    await change(1)
    await simulator.control.advance(60)
    const pinged: Array<string> = []
    socket.on("pong", () => pinged.push("pong"))
    socket.ping()
    socket.send('{"message":"ping"}')
    const silenced = async (): Promise<number> =>
      (await simulator.control.channels())[0]?.frames.silenced ?? 0
    while ((await silenced()) < 4);
    expect((await simulator.control.channels())[0]).toMatchObject({
      connected: true,
      silence: "all"
    })
    const again = await hear(connectUri)
    await closed
    expect([frames, pinged]).toEqual([[], []])
    await change(2)
    expect((await again.news()).map((frame) => frame.eventBody.priority)).toEqual([2])
  })
)

it(
  "silence may spare the heartbeats and pongs",
  scene(async ({ change, fault, simulator, news, socket }) => {
    await fault({ kind: "silence", heartbeats: true })
    await change(1)
    await simulator.control.advance(30)
    expect((await news()).map(isHeartbeat)).toEqual([true])
    socket.ping()
    await once(socket, "pong")
    expect((await simulator.control.channels())[0]).toMatchObject({
      silence: "events",
      frames: { events: 0, silenced: 1, heartbeats: 1, pongs: 1 }
    })
  })
)

it(
  "heartbeats come late, each 30 seconds and its delay after the one before",
  scene(async ({ fault, simulator, news }) => {
    await fault({ kind: "lateHeartbeat", seconds: 20, count: 2 })
    const heard: Array<number> = []
    for (let tens = 0; tens < 13; tens += 1) {
      await simulator.control.advance(10)
      heard.push((await news()).length)
    }
    expect(heard).toEqual([0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1])
  })
)

it.each<[ChannelFaultRequest, code: number, reason: string]>([
  [{ kind: "close" }, 1001, ""],
  [{ kind: "close", code: 4000, reason: "as you wish" }, 4000, "as you wish"],
  // What a client reports of a connection that was cut. Source: RFC 6455, section 7.4.1.
  [{ kind: "close", code: null }, 1006, ""]
])("%o closes the socket with %i, and the channel is still there", (request, code, reason) =>
  scene(async ({ fault, change, closed, connectUri, simulator }) => {
    expect(await fault(request)).toBe(1)
    expect(await closed).toEqual({ code, reason })
    expect(await fault(request)).toBe(0)
    const again = await hear(connectUri)
    await change(1)
    expect(await again.news()).toHaveLength(1)
    expect((await simulator.control.channels())[0]?.connects).toBe(2)
  })()
)

it(
  "announces that it will close, and does so a minute later",
  scene(async ({ fault, change, closed, news, simulator, channelId }) => {
    await fault({ kind: "announceClose" })
    expect(await news()).toMatchObject([
      { topicName: "v2.system.socket_closing", version: "2", eventBody: { channelId } }
    ])
    await simulator.control.advance(59)
    await change(1)
    expect((await news()).map((frame) => frame.topicName)).toHaveLength(2)
    await simulator.control.advance(1)
    expect(await closed).toEqual({ code: 1001, reason: "Maintenance." })
  })
)

it(
  "a socket that was opened anew after the announcement stays",
  scene(async ({ fault, simulator, connectUri }) => {
    await fault({ kind: "announceClose", seconds: 5 })
    const again = await hear(connectUri)
    await simulator.control.advance(10)
    expect(await again.news()).toEqual([])
  })
)

it(
  "expires the channels of a campaign",
  scene(async ({ fault, closed, connectUri, other, simulator }) => {
    const kept = await listenTo(await connect(simulator))
    expect(await fault({ kind: "expire", campaignId: other })).toBe(1)
    expect(await closed).toEqual({ code: 1001, reason: "The channel has expired." })
    expect(await refusal(connectUri)).toBe(404)
    expect(await kept.news()).toEqual([])
  })
)

it(
  "refuses a socket, and then does not",
  withSimulator({}, async (simulator) => {
    const { connectUri } = (await (await connect(simulator))("POST", CHANNELS)).body
    await simulator.control.channelFault({ kind: "refuseUpgrade" })
    await simulator.control.channelFault({ kind: "refuseUpgrade", status: 401 })
    await simulator.control.channelFault({ kind: "refuseUpgrade", campaignId: "of-no-channel" })
    expect([await refusal(connectUri), await refusal(connectUri)]).toEqual([503, 401])
    expect(await (await hear(connectUri)).news()).toEqual([])
  })
)

it.each([
  [{ kind: "weather" }, '"kind" must be one of missEvent'],
  [{ kind: "lateHeartbeat" }, '"seconds" is required'],
  [{ kind: "close", code: 1006 }, '"code" must be a close code that may be sent'],
  [{ kind: "close", code: 999 }, '"code" must be a close code that may be sent'],
  [{ kind: "close", reason: "é".repeat(62) }, '"reason" must have at most 123 bytes'],
  [{ kind: "close", count: 2 }, "Unknown field: count"],
  [{ kind: "refuseUpgrade", status: 101 }, '"status" must be a number of at least 400'],
  [{ kind: "refuseUpgrade", status: 600 }, '"status" must be from 400 to 599'],
  [{ kind: "missEvent", count: 0 }, '"count" must be a number of at least 1'],
  [{ kind: "missEvent", channelId: "nope" }, "No channel nope"]
])("says what is wrong with %o", (body, sentence) =>
  withSimulator({}, async (simulator) => {
    const answer = await fetch(`${simulator.controlUrl}/channel-faults`, {
      method: "POST",
      body: JSON.stringify(body)
    })
    expect(JSON.parse(await answer.text()).message).toContain(sentence)
    expect(await simulator.control.channelFaults()).toEqual([])
  })()
)

it(
  "cuts off a client that does not read, and keeps nothing for it",
  scene(async ({ simulator, socket, closed, id }) => {
    socket.pause()
    const cut = async (): Promise<boolean> =>
      (await simulator.control.channels())[0]?.overflows === 1
    const name = "x".repeat(1024 * 1024)
    while (!(await cut())) await simulator.control.changeCampaign(id, { fields: { name } })
    expect((await simulator.control.channels())[0]?.connected).toBe(false)
    socket.resume()
    expect((await closed).code).toBe(1006)
  })
)

it(
  "closes a socket that says too much or breaks the protocol, and lives on",
  scene(async ({ socket, closed, connectUri }) => {
    socket.send("x".repeat(100 * 1024))
    expect((await closed).code).not.toBe(1000)
    const { port, pathname } = new URL(connectUri)
    const raw = openSocket(Number(port), "127.0.0.1")
    raw.on("error", () => raw.destroy())
    raw.write(
      `GET ${pathname} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${btoa("0123456789abcdef")}\r\n\r\nnonsense`
    )
    await once(raw.resume(), "close")
    expect(await (await hear(connectUri)).news()).toEqual([])
  })
)

it(
  "ends while sockets are open, even those that do not answer",
  scene(async ({ simulator, closed }) => {
    const other = await listenTo(await connect(simulator))
    other.socket.pause()
    await simulator.close()
    expect(await closed).toEqual({ code: 1001, reason: "The simulator ends." })
    other.socket.resume()
    await other.closed
  })
)
