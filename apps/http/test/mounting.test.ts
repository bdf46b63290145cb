import { Hono } from "hono"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { memoryApp } from "./support/memoryApp.ts"

describe("mounted under a prefix in another app", () => {
  let memory: Awaited<ReturnType<typeof memoryApp>>
  const parent = new Hono()

  beforeAll(async () => {
    memory = await memoryApp("/ops/campaigns/")
    parent.get("/", ({ text }) => text("the other app"))
    parent.route("/ops/campaigns", memory.app)
  })
  afterAll(() => memory.close())

  it("answers there, with links that lead there", async () => {
    assert.strictEqual(await (await parent.request("/")).text(), "the other app")
    assert.strictEqual((await parent.request("/ops/campaigns/v1/campaigns")).status, 200)
    const document = JSON.parse(await (await parent.request("/ops/campaigns/openapi.json")).text())
    assert.deepStrictEqual(document.servers, [{ url: "/ops/campaigns" }])
    const missing = await parent.request("/ops/campaigns/v1/nothing")
    const { type } = JSON.parse(await missing.text())
    assert.strictEqual(missing.status, 404)
    assert.strictEqual((await parent.request(type)).status, 200)
    const refused = await parent.request("/ops/campaigns/v1/campaigns", { method: "DELETE" })
    assert.strictEqual(refused.status, 405)
  })

  it("without an engine makes a change at once, and says what it cannot do without one", async () => {
    const call = async (method: string, path: string, body?: object, prefer = "respond-async") => {
      const reply = await parent.request(`/ops/campaigns/v1${path}`, {
        method,
        headers: { "content-type": "application/json", prefer },
        ...(body === undefined ? {} : { body: JSON.stringify(body) })
      })
      return { status: reply.status, headers: reply.headers, body: JSON.parse(await reply.text()) }
    }
    const path = `/campaigns/${memory.campaign}/transitions`
    const body = { target: "paused", reason: "OTHER" }
    const waiting = await call("POST", path, { ...body, drainDeadlineMs: 1_000 })
    assert.deepStrictEqual([waiting.status, waiting.body.code], [404, "OPERATIONS_NOT_CONFIGURED"])
    assert.lengthOf(await memory.writes(), 0)
    const done = await call("POST", path, body)
    assert.deepStrictEqual([done.status, done.body.outcome], [200, "applied"])
    assert.isNull(done.headers.get("preference-applied"))
    for (const route of ["/operations", "/halt", "/schedules", "/guard", "/watch", "/cluster"])
      assert.strictEqual((await call("GET", route)).body.code, "OPERATIONS_NOT_CONFIGURED", route)
    assert.strictEqual((await call("GET", "/webhooks")).body.code, "WEBHOOKS_NOT_CONFIGURED")
  })

  it("leaves the other app's paths alone", async () => {
    assert.strictEqual((await parent.request("/v1/campaigns")).status, 404)
    assert.notInclude(await (await parent.request("/elsewhere")).text(), "ROUTE_NOT_FOUND")
  })
})
