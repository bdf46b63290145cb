import axios from "axios"
import { expect, it } from "vitest"
import { campaignPath, connect, named } from "./support/connect.ts"
import type { Client } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const DRAINED_SECONDS = 10

const patch = (call: Client, id: string, etag: string | null, body: object) =>
  call("PATCH", campaignPath(id), {
    body,
    headers: etag === null ? {} : { "if-match": etag }
  })

const read = async (call: Client, id: string) => {
  const answer = await call("GET", campaignPath(id))
  return { state: answer.body.campaignstate, etag: answer.headers.get("etag") }
}

it(
  "pauses under the ETag, drains when asked, and drops the calls when not",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator, "etag")
    for (const [name, drainqueue, status] of [
      ["Spring", true, "stopping"],
      ["Collections", false, "off"]
    ] as const) {
      const id = named(simulator, name)
      const before = await read(call, id)
      expect(before.state).toBe("active")
      const body = { campaignstate: "paused", pauseReason: "COMPLIANCE", drainqueue }
      const answer = await patch(call, id, before.etag, body)
      expect([answer.status, answer.body.campaignstate]).toEqual([200, "paused"])
      expect(answer.headers.get("etag")).not.toBe(before.etag)
      expect((await simulator.control.campaign(id)).status).toBe(status)
    }
    expect(await simulator.control.writes({ contract: "etag" })).toHaveLength(2)
  })
)

it.each([
  [
    "a stale ETag",
    "Spring",
    '"stale"',
    { campaignstate: "paused", pauseReason: "OTHER" },
    409,
    "etag.mismatch"
  ],
  [
    "no ETag",
    "Spring",
    null,
    { campaignstate: "paused", pauseReason: "OTHER" },
    428,
    "precondition.required"
  ],
  [
    "no pause reason",
    "Spring",
    "current",
    { campaignstate: "paused" },
    422,
    "pause.reason.required"
  ],
  [
    "an unknown reason",
    "Spring",
    "current",
    { campaignstate: "paused", pauseReason: "X" },
    422,
    "pause.reason.required"
  ],
  [
    "completed to active",
    "After-Service",
    "current",
    { campaignstate: "active" },
    422,
    "transition.not.allowed"
  ],
  [
    "a state that is there",
    "Spring",
    "current",
    { campaignstate: "active" },
    422,
    "transition.not.allowed"
  ],
  ["an unknown state", "Spring", "current", { campaignstate: "asleep" }, 400, "invalid.value"]
])("refuses a PATCH with %s", (_, name, etag, body, status, code) =>
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator, "etag")
    const id = named(simulator, name)
    const tag = etag === "current" ? (await read(call, id)).etag : etag
    const answer = await patch(call, id, tag, { drainqueue: false, ...body })
    expect([answer.status, answer.body.code]).toEqual([status, code])
    expect(await simulator.control.writes()).toEqual([])
  })()
)

it(
  "completes and archives, and shows platform changes under its own names",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator, "etag")
    const id = named(simulator, "Spring")
    const states = []
    for (const campaignstate of ["completed", "archived"]) {
      const { etag } = await read(call, id)
      states.push(
        (await patch(call, id, etag, { campaignstate, drainqueue: false })).body.campaignstate
      )
    }
    const refused = await patch(call, id, (await read(call, id)).etag, { campaignstate: "active" })
    await simulator.control.advance(DRAINED_SECONDS)
    states.push((await read(call, id)).state)
    await simulator.control.changeCampaign(id, { turn: "on" })
    states.push((await read(call, id)).state)
    expect(states).toEqual(["completed", "archived", "archived", "active"])
    expect(refused.status).toBe(422)
  })
)

it(
  "restarts a completed campaign on `restart`, or freely where the switch allows it",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator, "etag")
    const id = named(simulator, "After-Service")
    const restart = { campaignstate: "active", drainqueue: false, restart: true }
    expect((await patch(call, id, (await read(call, id)).etag, restart)).status).toBe(200)
    await simulator.control.changeCampaign(id, { status: "complete" })
    await simulator.control.switches({ etagCompletedToActive: "allowed" })
    const plain = { campaignstate: "active", drainqueue: false }
    expect((await patch(call, id, (await read(call, id)).etag, plain)).status).toBe(200)
  })
)

it(
  "shows a platform client no campaignstate",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const answer = await call("GET", campaignPath(named(simulator, "Spring")))
    expect(answer.body).not.toHaveProperty("campaignstate")
    expect(answer.headers.get("etag")).toMatch(/^".+"$/)
  })
)

it(
  "counts the agents of every queue, by id or by name",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator, "etag")
    const path =
      "/analytics/queues/realtime?interval=now&groupBy=queue&select=queue,agentsAvailable,agentsLoggedIn"
    const queues = await simulator.control.queues()
    const entities = (await call("GET", path)).body.entities
    expect(entities).toEqual(
      queues.map(({ id, idle, onQueue }) => ({
        queue: id,
        agentsAvailable: idle,
        agentsLoggedIn: onQueue
      }))
    )
    await simulator.control.switches({ realtimeQueueKey: "name" })
    expect((await call("GET", path)).body.entities[0].queue).toBe(queues[0]?.name)
  })
)

it(
  "registers a webhook once",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator, "etag")
    const body = {
      name: "Outbound Campaign State Sync",
      enabled: true,
      type: "rest",
      endpoint: "https://example.com/hook",
      eventFilters: ["outbound.campaign.updated"]
    }
    const first = await call("POST", "/webhooks", { body })
    expect([first.status, typeof first.body.id]).toEqual([201, "string"])
    expect((await call("POST", "/webhooks", { body })).status).toBe(409)
    expect((await call("POST", "/webhooks", { body: { name: "x" } })).status).toBe(400)
    expect((await simulator.control.state()).webhooks).toHaveLength(1)
  })
)

it(
  "holds a token to its scopes",
  withSimulator({}, async (simulator) => {
    const { apiUrl, clientId, clientSecret } = simulator
    const http = axios.create({ baseURL: apiUrl, validateStatus: () => true })
    const credentials = {
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret
    }
    const scope = "outbound:campaign:read"
    const { data } = await http.post("/api/v2/oauth/token", { ...credentials, scope })
    const headers = { authorization: `Bearer ${data.access_token}`, "if-match": "x" }
    const path = `/api/v2${campaignPath(named(simulator, "Spring"))}`
    expect((await http.get(path, { headers })).status).toBe(200)
    const answer = await http.patch(path, { campaignstate: "paused" }, { headers })
    expect([answer.status, answer.data.code]).toEqual([403, "app.not.authorized.for.scope"])
    const unknown = await http.post("/api/v2/oauth/token", { ...credentials, scope: "everything" })
    expect([unknown.status, unknown.data.error]).toEqual([400, "invalid_scope"])
  })
)
