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

  it("leaves the other app's paths alone", async () => {
    assert.strictEqual((await parent.request("/v1/campaigns")).status, 404)
    assert.notInclude(await (await parent.request("/elsewhere")).text(), "ROUTE_NOT_FOUND")
  })
})
