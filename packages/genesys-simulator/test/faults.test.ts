import { expect, it } from "vitest"
import type { FaultEffect } from "../src/index.ts"
import { ERROR_CATALOGUE } from "../src/http/ErrorCatalogue.ts"
import { campaignPath, connect, named } from "./support/connect.ts"
import type { Answer, Client } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const GET = "GET /api/v2/outbound/campaigns/:id"
const PUT = "PUT /api/v2/outbound/campaigns/:id"
const STOP = "POST /api/v2/outbound/campaigns/:id/stop"

/** What became of a call: an answer, or the name of what went wrong. */
const outcome = async (calling: Promise<Answer>): Promise<Answer | "broken"> => {
  try {
    return await calling
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) return "broken"
    throw error
  }
}

const turnOff = async (call: Client, id: string): Promise<Answer | "broken"> => {
  const { body } = await call("GET", campaignPath(id))
  return outcome(call("PUT", campaignPath(id), { body: { ...body, campaignStatus: "off" } }))
}

it.each(Object.entries(ERROR_CATALOGUE))("answers %s with its status and body", (code, entry) =>
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    await simulator.control.fault({ kind: "status", code, route: GET })
    const answer = await call("GET", campaignPath(named(simulator, "Spring")))
    expect(answer.status).toBe(entry.status)
    expect(answer.body).toEqual({
      message: entry.message,
      code,
      status: entry.status,
      contextId: answer.headers.get("inin-correlation-id"),
      details: [],
      errors: []
    })
    expect(answer.headers.get("inin-ratelimit-count")).toBe("1")
  })()
)

it(
  "takes a status, a message and headers of the tester's own",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    await simulator.control.fault({
      kind: "status",
      status: 409,
      code: "active.campaigns.limit.exceeded",
      message: "as you wish",
      headers: { "x-odd": "yes" }
    })
    const answer = await call("GET", "/outbound/campaigns")
    expect([answer.status, answer.body.message, answer.headers.get("x-odd")]).toEqual([
      409,
      "as you wish",
      "yes"
    ])
  })
)

it.each([["0"], ["42"], ["-5"], ["1e9"], ["soon"], ["Wed, 21 Oct 2026 07:28:00 GMT"], [null]])(
  "sends Retry-After as %s",
  (retryAfter) =>
    withSimulator({}, async (simulator) => {
      const call = await connect(simulator)
      await simulator.control.fault({ kind: "rateLimited", retryAfter })
      const answer = await call("GET", "/outbound/campaigns")
      expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, retryAfter])
      expect(answer.body.code).toBe("too.many.requests.retry.after")
    })()
)

it(
  "sends Retry-After as a date so far ahead of its own clock",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    await simulator.control.dateSkew(3600)
    await simulator.control.fault({ kind: "rateLimited", retryAfterDateSeconds: 30 })
    const { headers } = await call("GET", "/outbound/campaigns")
    expect(
      Date.parse(headers.get("retry-after") ?? "") - Date.parse(headers.get("date") ?? "")
    ).toBe(30_000)
  })
)

it.each<[FaultEffect, applied: boolean]>([
  [{ kind: "resetBefore" }, false],
  [{ kind: "resetAfter" }, true],
  [{ kind: "truncateBody" }, true],
  [{ kind: "malformedJson" }, true],
  [{ kind: "status", code: "request.timeout" }, false],
  [{ kind: "status", code: "request.timeout", when: "after" }, true],
  [{ kind: "rateLimited", when: "after" }, true],
  [{ kind: "revokeToken" }, false],
  [{ kind: "otherWriter" }, false]
])("%o on a PUT: applied is %s, and the client sees no success", (effect, applied) =>
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    const { id: faultId } = await simulator.control.fault({ ...effect, route: PUT })
    const seen = await turnOff(call, id)
    expect(seen === "broken" ? "broken" : seen.status >= 400).toBeTruthy()
    const writes = await simulator.control.writes({ by: "api" })
    expect(writes.map(({ to }) => to)).toEqual(applied ? ["stopping"] : [])
    expect(
      (await simulator.control.requests({ method: "PUT" })).map(({ faults }) => faults)
    ).toEqual([[faultId]])
    expect(await simulator.control.faults()).toEqual([])
    // Afterwards all is well again.
    const again = await connect(simulator)
    expect(await turnOff(again, id)).toMatchObject({ status: 200 })
  })()
)

it(
  "cuts the connection also of an answer without a body",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    await simulator.control.fault({ kind: "truncateBody", route: STOP })
    expect(await outcome(call("POST", `${campaignPath(id)}/stop`))).toBe("broken")
    expect((await simulator.control.campaign(id)).status).toBe("stopping")
  })
)

it(
  "lets another writer in between the read and the write",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    await simulator.control.fault({
      kind: "otherWriter",
      route: PUT,
      status: "forced_off",
      fields: { priority: 1 }
    })
    expect(await turnOff(call, id)).toMatchObject({
      status: 409,
      body: { code: "invalid.update.wrong.version" }
    })
    const [write, ...more] = await simulator.control.writes()
    expect(more).toEqual([])
    expect(write).toMatchObject({
      via: "other-writer",
      from: "on",
      to: "forced_off",
      changedFields: ["priority", "campaignStatus"]
    })
  })
)

it(
  "delays an answer, and by then the write may be applied",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const id = named(simulator, "Spring")
    await simulator.control.fault({
      kind: "latency",
      milliseconds: 600_000,
      when: "after",
      route: STOP
    })
    const aborted = new AbortController()
    const stopping = fetch(`${simulator.apiUrl}/api/v2${campaignPath(id)}/stop`, {
      method: "POST",
      signal: aborted.signal
    })
    expect((await stopping).status).toBe(401)
    expect(await simulator.control.faults()).toHaveLength(1)
    const answered = call("POST", `${campaignPath(id)}/stop`).then(
      () => "answered",
      () => "cut"
    )
    while ((await simulator.control.campaign(id)).status !== "stopping");
    const [entry] = await simulator.control.requests({ route: STOP, status: 401 })
    expect(entry?.code).toBe("authentication.required")
    await simulator.close()
    expect(await answered).toBe("cut")
  })
)

it(
  "strikes as often as asked, after as many as asked, where asked, the oldest first",
  withSimulator({}, async (simulator) => {
    const call = await connect(simulator)
    const [spring, winback] = [named(simulator, "Spring"), named(simulator, "Winback")]
    const status = async (id: string): Promise<number> =>
      (await call("GET", campaignPath(id))).status
    await simulator.control.fault({ kind: "rateLimited", route: GET, count: 2, after: 1 })
    await simulator.control.fault({
      kind: "status",
      code: "service.unavailable",
      campaignId: spring
    })
    await simulator.control.fault({
      kind: "status",
      code: "bad.gateway",
      method: "delete",
      count: "always"
    })
    const statuses = []
    for (const id of [winback, spring, spring, winback, spring]) statuses.push(await status(id))
    // The first 429 waits for one request to pass; the 503 is for one campaign and strikes at once.
    expect(statuses).toEqual([200, 429, 429, 200, 503])
    const deletes = []
    for (let index = 0; index < 3; index += 1) {
      deletes.push((await call("DELETE", `${campaignPath(spring)}/progress`)).status)
    }
    expect(deletes).toEqual([502, 502, 502])
    await simulator.control.clearFaults()
    expect((await call("DELETE", `${campaignPath(spring)}/progress`)).status).toBe(202)
  })
)

it(
  "strikes the token's own route too",
  withSimulator({}, async (simulator) => {
    await simulator.control.fault({
      kind: "status",
      code: "service.unavailable",
      route: "POST /oauth/token"
    })
    const answers = [await fetch(`${simulator.loginUrl}/oauth/token`, { method: "POST" })]
    answers.push(await fetch(`${simulator.loginUrl}/oauth/token`, { method: "POST" }))
    expect(answers.map(({ status }) => status)).toEqual([503, 400])
  })
)
