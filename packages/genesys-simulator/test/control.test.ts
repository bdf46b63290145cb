import { expect, it } from "vitest"
import { ControlError } from "../src/index.ts"
import { campaignPath, connect, named, tokenOf } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

it.each([
  ["/faults", { kind: "earthquake" }, '"kind" must be one of'],
  ["/faults", { kind: "latency" }, '"milliseconds" is required'],
  ["/faults", { kind: "status", route: "GET /nowhere" }, 'No route "GET /nowhere"'],
  ["/faults", { kind: "resetAfter", cuont: 2 }, "Unknown field: cuont"],
  ["/faults", { kind: "status", status: 200 }, '"status" must be a number of at least 400'],
  ["/agents", { queueId: "nope", idle: 1 }, "No queue nope"],
  ["/agents", { queueId: "nope", idle: -1 }, '"idle" must be a number of at least 0'],
  ["/campaigns/nope", { status: "off" }, "No campaign nope"],
  ["/campaigns", { status: "off" }, '"name" is required'],
  ["/switches", { startWhileOn: "perhaps" }, '"startWhileOn" must be one of accepted, refused'],
  ["/advance", [], "must be a JSON object"],
  ["/nowhere", {}, "No such command"]
])("says what is wrong with POST %s %o", (path, body, sentence) =>
  withSimulator({}, async (simulator) => {
    const answer = await fetch(`${simulator.controlUrl}${path}`, {
      method: "POST",
      body: JSON.stringify(body)
    })
    expect([400, 404]).toContain(answer.status)
    expect(JSON.parse(await answer.text()).message).toContain(sentence)
  })()
)

it(
  "rejects with the sentence in the client too",
  withSimulator({}, async (simulator) => {
    await expect(simulator.control.campaign("nope")).rejects.toThrow(
      new ControlError("No campaign nope.", 404)
    )
  })
)

it(
  "logs what was asked and answered, traced, and never a secret",
  withSimulator({ clientSecret: "canary-secret" }, async (simulator) => {
    const call = await connect(simulator)
    const token = await tokenOf(simulator, "etag")
    const id = named(simulator, "Spring")
    const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    await call("GET", `${campaignPath(id)}?expand=x`, {
      headers: { traceparent, "idempotency-key": "once", authorization: `Bearer ${token}` }
    })
    const [entry] = await simulator.control.requests({ campaignId: id })
    expect(entry).toMatchObject({
      method: "GET",
      path: `/api/v2${campaignPath(id)}`,
      query: "?expand=x",
      route: "GET /api/v2/outbound/campaigns/:id",
      status: 200,
      client: simulator.clientId,
      contract: "etag",
      traceparent,
      idempotencyKey: "once"
    })
    const everything = JSON.stringify([
      await simulator.control.requests(),
      await simulator.control.state()
    ])
    expect(everything).not.toContain("canary-secret")
    expect(everything).not.toContain(token)
    await simulator.control.clearLogs()
    expect(await simulator.control.requests()).toEqual([])
  })
)

it(
  "turns campaigns as the user interface would, or sets what no writer can",
  withSimulator({}, async (simulator) => {
    const { control } = simulator
    const id = named(simulator, "Spring")
    const statuses = [(await control.changeCampaign(id, { turn: "off" })).status]
    await control.advance(10)
    statuses.push((await control.campaign(id)).status)
    for (const status of ["on", "forced_stopping", "forced_off", "invalid"] as const) {
      statuses.push((await control.changeCampaign(id, { status })).status)
    }
    expect(statuses).toEqual(["stopping", "off", "on", "forced_stopping", "forced_off", "invalid"])
    const busy = await control.changeCampaign(id, {
      status: "stopping",
      outstandingCalls: 1,
      callSeconds: 20
    })
    expect(busy.outstandingCalls).toBe(1)
    await control.advance(19)
    expect((await control.campaign(id)).status).toBe("stopping")
    await control.advance(1.1)
    expect((await control.campaign(id)).status).toBe("off")
    const changed = await control.changeCampaign(id, {
      fields: { priority: 9 },
      disposition: "archived"
    })
    expect([changed.document["priority"], changed.campaignstate]).toEqual([9, "archived"])
  })
)

it(
  "adds campaigns that the API then serves",
  withSimulator({ campaigns: 0 }, async (simulator) => {
    const call = await connect(simulator)
    const queue = (await simulator.control.queues())[0]
    const added = await simulator.control.addCampaign({
      name: "Made to order",
      status: "on",
      queueId: queue?.id ?? "",
      fields: { made: { to: "order" } }
    })
    const { body } = await call("GET", "/outbound/campaigns")
    expect(body.entities).toEqual([added.document])
    expect(added.document).toMatchObject({
      made: { to: "order" },
      campaignStatus: "on",
      queue: { id: queue?.id }
    })
  })
)

it(
  "lets agents come and go, until they are held",
  withSimulator({}, async (simulator) => {
    const { control } = simulator
    const overTime = async (): Promise<ReadonlySet<string>> => {
      const counts = new Set<string>()
      for (let index = 0; index < 20; index += 1) {
        await control.advance(10)
        const queue = (await control.queues()).find(({ name }) => name === "Winback")
        counts.add(`${queue?.idle} idle of ${queue?.members}`)
      }
      return counts
    }
    expect((await overTime()).size).toBeGreaterThan(1)
    const queue = (await control.queues()).find(({ name }) => name === "Winback")
    const held = await control.agents(queue?.id ?? "", 1)
    expect(await overTime()).toEqual(new Set([`1 idle of ${held.members}`]))
  })
)

it(
  "skews the Date header alone",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    await simulator.control.dateSkew(-600)
    const { headers } = await call("GET", "/outbound/campaigns")
    const { time, serverTime } = await simulator.control.state()
    expect(Date.parse(headers.get("date") ?? "")).toBe(Date.parse(serverTime))
    expect(Date.parse(time) - Date.parse(serverTime)).toBe(600_000)
  })
)
