import { expect, it } from "vitest"
import { campaignPath, connect, named } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const DRAINED_SECONDS = 10

it(
  "turns a campaign off through stopping, by a PUT under its version that changes nothing else",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    const read = await call("GET", campaignPath(id))
    expect(read.body.campaignStatus).toBe("on")
    const written = await call("PUT", campaignPath(id), {
      body: { ...read.body, campaignStatus: "off" }
    })
    expect(written.status).toBe(200)
    expect(written.body).toEqual({
      ...read.body,
      campaignStatus: "stopping",
      version: read.body.version + 1,
      dateModified: expect.any(String)
    })
    expect((await simulator.control.campaign(id)).outstandingCalls).toBeGreaterThan(0)
    await simulator.control.advance(DRAINED_SECONDS)
    expect((await call("GET", campaignPath(id))).body.campaignStatus).toBe("off")
    const writes = await simulator.control.writes({ campaignId: id })
    expect(writes.map(({ via, from, to }) => [via, from, to])).toEqual([
      ["PUT", "on", "stopping"],
      ["drain-end", "stopping", "off"]
    ])
    expect(writes[0]?.changedFields).toEqual(["campaignStatus"])
  })
)

it(
  "echoes fields that no type knows, and cuts decimals off only where they were not asked for",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = campaignPath(named(simulator, "Field"))
    const { body } = await call("GET", path)
    expect(body.pacingProfile.ceilings).toEqual([0.25, 0.5, 0.75])
    const decimals = await call("PUT", `${path}?useMaxCallsPerAgentDecimal=true`, { body })
    expect(decimals.body).toEqual({
      ...body,
      version: body.version + 1,
      dateModified: expect.any(String)
    })
    const whole = await call("PUT", path, { body: decimals.body })
    expect([body.maxCallsPerAgent, whole.body.maxCallsPerAgent]).toEqual([2.5, 2])
  })
)

it.each([
  ["a stale version", "Winback", { version: 1 }, 409, "invalid.update.wrong.version"],
  ["no version", "Winback", { version: undefined }, 400, "constraint.validation"],
  ["no status", "Winback", { campaignStatus: undefined }, 400, "constraint.validation"],
  ["no caller", "Winback", { callerName: undefined }, 400, "constraint.validation"],
  ["an unknown queue", "Winback", { queue: { id: "x" } }, 400, "queue.not.found"],
  ["too many calls", "Winback", { maxCallsPerAgent: 99 }, 400, "invalid.max.calls.per.agent"],
  [
    "an unknown set",
    "Winback",
    { callableTimeSet: { id: "x" } },
    400,
    "callable.time.set.not.found"
  ],
  ["on for an invalid one", "Mortgage", { campaignStatus: "on" }, 400, "invalid.update"],
  [
    "a status of its own",
    "Winback",
    { campaignStatus: "stopping" },
    400,
    "invalid.update.bad.status.transition"
  ]
])("refuses a PUT with %s", (_, name, change, status, code) =>
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = campaignPath(named(simulator, name))
    const { body } = await call("GET", path)
    const answer = await call("PUT", path, { body: { ...body, ...change } })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(answer.body.contextId).toBe(answer.headers.get("inin-correlation-id"))
    expect(await simulator.control.writes()).toEqual([])
  })()
)

it(
  "says of complete to off what the platform says",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = campaignPath(named(simulator, "After-Service"))
    const { body } = await call("GET", path)
    const answer = await call("PUT", path, { body: { ...body, campaignStatus: "off" } })
    expect(answer.status).toBe(400)
    expect(answer.body).toMatchObject({
      code: "invalid.update.bad.status.transition",
      status: 400,
      message:
        "An attempt was made to update a Campaign in an invalid way. Details: Invalid transition from <COMPLETE> to <OFF>",
      details: [],
      errors: []
    })
  })
)

it(
  "starts and stops without a version, dials a completed list from its first record, and lets a list run out",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const complete = named(simulator, "After-Service")
    expect((await call("POST", `${campaignPath(complete)}/start`)).status).toBe(204)
    expect(await simulator.control.campaign(complete)).toMatchObject({
      status: "on",
      contactsCalled: 0
    })
    expect((await call("POST", `${campaignPath(complete)}/stop`)).status).toBe(204)
    expect((await call("GET", campaignPath(complete))).body.campaignStatus).toBe("stopping")
    const last = named(simulator, "Last Contacts")
    await call("POST", `${campaignPath(last)}/start`)
    await simulator.control.advance(60)
    expect((await call("GET", campaignPath(last))).body.campaignStatus).toBe("complete")
    expect(await simulator.control.writes({ via: "list-end" })).toHaveLength(1)
  })
)

it(
  "has as many campaigns on as its limit was raised to",
  withSimulator({ activeLimit: 60 }, async (simulator) => {
    const add = (name: string) => simulator.control.addCampaign({ name, status: "on" })
    const { activeCampaigns } = await simulator.control.state()
    for (let count = activeCampaigns; count < 60; count++) await add(`More ${count}`)
    await expect(add("One too many")).rejects.toThrow("60 campaigns are active already")
    const { id } = await simulator.control.addCampaign({ name: "Off", status: "off" })
    const call = await connect(simulator)
    const refused = await call("POST", `${campaignPath(id)}/start`)
    expect(refused.body).toMatchObject({ code: "active.campaigns.limit.exceeded" })
    expect(refused.body.message).toContain("The limit of 60 active campaigns")
    const on = (await simulator.control.state()).campaigns.find(({ status }) => status === "on")
    await simulator.control.changeCampaign(on?.id ?? "", { status: "off" })
    expect((await call("POST", `${campaignPath(id)}/start`)).status).toBe(204)
  })
)

it(
  "has at most 50 campaigns on, stopping or forced_stopping",
  withSimulator({ campaigns: 120, ratePerMinute: null }, async (simulator) => {
    const call = await connect(simulator)
    const answers = []
    for (const { id } of simulator.campaigns) {
      answers.push(await call("POST", `${campaignPath(id)}/start`))
    }
    expect((await simulator.control.state()).activeCampaigns).toBe(50)
    expect(answers.at(-1)?.body).toMatchObject({
      code: "active.campaigns.limit.exceeded",
      status: 400
    })
    const on = (await simulator.control.state()).campaigns.find(({ status }) => status === "on")
    await call("POST", `${campaignPath(on?.id ?? "")}/stop`)
    const refused = await call(
      "POST",
      `${campaignPath(simulator.campaigns.at(-1)?.id ?? "")}/start`
    )
    expect(refused.status).toBe(400)
    await simulator.control.advance(DRAINED_SECONDS)
    const started = await call(
      "POST",
      `${campaignPath(simulator.campaigns.at(-1)?.id ?? "")}/start`
    )
    expect(started.status).toBe(204)
  })
)

it(
  "patches the platform's few fields without a version, and no others",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = campaignPath(named(simulator, "Spring"))
    expect((await call("PATCH", path, { body: { maxCallsPerAgent: 3 } })).status).toBe(204)
    expect((await call("GET", path)).body.maxCallsPerAgent).toBe(3)
    const refused = await call("PATCH", path, { body: { campaignStatus: "off" } })
    expect([refused.status, refused.body.code]).toEqual([400, "invalid.property"])
  })
)

it(
  "knows no campaign by an unknown id, and no route by an unknown path",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const codes = []
    for (const [method, path] of [
      ["GET", campaignPath("nope")],
      ["POST", `${campaignPath("nope")}/start`],
      ["GET", "/outbound/unheard-of"]
    ] as const) {
      const answer = await call(method, path)
      codes.push([answer.status, answer.body.code])
    }
    expect(codes).toEqual([
      [404, "resource.not.found"],
      [404, "campaign.not.found"],
      [404, "not.found"]
    ])
  })
)

it(
  "wants JSON, and says so",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const path = campaignPath(named(simulator, "Winback"))
    const answer = await call("PUT", path, { body: {}, headers: { "content-type": "text/plain" } })
    expect([answer.status, answer.body.code]).toEqual([415, "unsupported.media.type"])
    const list = await call("PUT", path, { body: [] })
    expect([list.status, list.body.code]).toEqual([400, "bad.request"])
  })
)
