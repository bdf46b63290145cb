import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { Divided, pause } from "./support/divided.ts"

describe("the panic stop", () => {
  let here: Divided

  beforeAll(async () => {
    here = await Divided.make()
  })
  afterAll(() => here[Symbol.asyncDispose]())

  it("a halt stops, holds starts of every kind, and is lifted by its name", async () => {
    const { control } = here.bench.simulator
    const queue = (await control.queues())[0]?.id ?? ""
    await control.agents(queue, 5)
    const id = await here.campaign("Halted one", here.home, queue)
    const halt = (name: string) =>
      here.api("POST", "/v1/halt", {
        body: {
          name,
          selector: { ids: [id.toUpperCase()] },
          reason: "COMPLIANCE",
          note: "drill",
          proofDeadlineMs: 60_000
        }
      })
    const asked = await halt("night / shift")
    assert.deepStrictEqual([asked.status, asked.body.kind], [202, "halt"], asked.text)
    while ((await here.writes(id)) === 0) await pause(10)
    const holds = await here.api("GET", "/v1/halt")
    assert.deepStrictEqual(
      holds.body.holds.map(({ name, reason, requestId }: Record<string, unknown>) => [
        name,
        reason,
        requestId
      ]),
      [["night / shift", "COMPLIANCE: drill", asked.body.id]]
    )
    await control.changeCampaign(id, { status: "off" })
    const start = { body: { target: "active" } }
    const refused = await here.api("POST", `/v1/campaigns/${id}/transitions`, start)
    assert.strictEqual(refused.status, 422, refused.text)
    assert.deepStrictEqual(
      refused.body.violations.map(({ guard }: { guard: string }) => guard),
      ["hold"]
    )
    const decision = await here.api("GET", `/v1/campaigns/${id}/decision?target=active`)
    assert.strictEqual(decision.body.outcome, "rejected")
    const started = await here.api("POST", "/v1/fleet", {
      body: { selector: { ids: [id] }, target: "active" }
    })
    assert.strictEqual((await here.over(started.body.id)).counts.rejected, 1)
    const path = `/v1/halt/${encodeURIComponent("night / shift")}`
    const lifted = await here.api("DELETE", `${path}?note=over`)
    assert.deepStrictEqual([lifted.status, lifted.body.holds[0].liftNote], [200, "over"])
    const again = await here.api("DELETE", path)
    assert.deepStrictEqual([again.status, again.body.code], [404, "HOLD_NOT_FOUND"])
    assert.deepStrictEqual((await here.api("GET", "/v1/halt")).body.holds, [])
    assert.lengthOf((await here.api("GET", "/v1/halt?lifted=true")).body.holds, 1)
    assert.strictEqual(
      (await here.api("POST", `/v1/campaigns/${id}/transitions`, start)).status,
      200
    )
    const kinds = (await here.api("GET", "/v1/audit?limit=500")).body.entries.map(
      ({ kind }: { kind: string }) => kind
    )
    assert.includeMembers(kinds, ["halt-raised", "halt-lifted"])
  })
})
