import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { clientOf } from "./support/checked.ts"
import { Changing, CONTRACTS } from "./support/changing.ts"
import { PAUSE } from "./support/divided.ts"
import { Bench } from "./support/service.ts"

const NOBODY = "11111111-1111-4111-8111-111111111111"

describe.each(CONTRACTS)(
  "what the service answers with a problem, over the %s contract",
  (contract) => {
    let here: Changing

    beforeAll(async () => {
      here = await Changing.make(contract)
    })
    afterAll(() => here[Symbol.asyncDispose]())

    it("400, 404, 405: what cannot be understood or is not there", async () => {
      const bad = await here.ask(await here.campaign(), { target: "stopped", surprise: 1 })
      assert.strictEqual(bad.status, 400)
      assert.deepStrictEqual(bad.body.problems.map(({ key }: { key: string }) => key).toSorted(), [
        "body.surprise",
        "body.target"
      ])
      // What was sent is not repeated: it may be personal, or a secret.
      assert.notInclude(bad.text, "stopped")
      assert.strictEqual(bad.body.detail, "The request is not well formed.")
      for (const problem of bad.body.problems) assert.hasAllKeys(problem, ["key", "expected"])
      assert.strictEqual((await here.api("GET", "/v1/campaigns?limit=0")).status, 400)
      assert.strictEqual((await here.api("GET", "/v1/campaigns?cursor=bm8")).status, 400)
      assert.strictEqual((await here.api("GET", "/v1/campaigns?limit=1&limit=2")).status, 400)
      assert.strictEqual((await here.api("GET", "/v1/campaigns/not-an-id")).status, 400)
      // What was to be tried must not be done because it stands in the wrong place.
      const id = await here.campaign("on")
      const tried = await here.api("POST", `/v1/campaigns/${id}/transitions?dryRun=true`, {
        body: PAUSE
      })
      assert.deepStrictEqual(
        [tried.status, tried.body.problems],
        [400, [{ key: "query.dryRun", expected: "no member of this name" }]]
      )
      assert.strictEqual(await here.writes(id), 0)
      assert.strictEqual((await here.api("GET", `/v1/campaigns/${id}?fields=name`)).status, 400)
      assert.strictEqual((await here.api("GET", "/healthz?at=1")).status, 200)
      assert.strictEqual((await here.api("GET", `/v1/campaigns/${NOBODY}`)).status, 404)
      assert.strictEqual((await here.api("GET", "/v1/audit/999999999")).status, 404)
      assert.strictEqual((await here.api("GET", "/v2")).status, 404)
      const method = await here.api("DELETE", "/v1/campaigns")
      assert.deepStrictEqual([method.status, method.headers.get("allow")], [405, "GET, HEAD"])
    })

    it("409: a conflict that every retry met, and 412: a condition that was not met", async () => {
      const id = await here.campaign("on")
      const { headers } = await here.api("GET", `/v1/campaigns/${id}`)
      const stale = await here.ask(id, PAUSE, { "if-match": '"stale"' })
      assert.deepStrictEqual([stale.status, stale.body.code], [412, "PRECONDITION_FAILED"])
      // A weak tag never matches, and a dry run is held to its condition too.
      const etag = headers.get("etag") ?? ""
      assert.strictEqual((await here.ask(id, PAUSE, { "if-match": `W/${etag}` })).status, 412)
      const dry = { ...PAUSE, dryRun: true }
      assert.strictEqual((await here.ask(id, dry, { "if-match": '"stale"' })).status, 412)
      assert.strictEqual((await here.ask(id, dry, { "if-match": etag })).status, 200)
      assert.strictEqual((await here.ask(id, dry, { "if-match": "*" })).status, 200)
      assert.strictEqual(await here.writes(id), 0)
      await here.bench.simulator.control.fault({
        method: here.change,
        campaignId: id,
        kind: "otherWriter",
        count: "always"
      })
      const conflict = await here.ask(id, PAUSE)
      assert.deepStrictEqual([conflict.status, conflict.body.lastCode], [409, "LOCK_CONFLICT"])
      await here.bench.simulator.control.clearFaults()
      const gone = await here.ask(id, PAUSE, { "if-match": headers.get("etag") ?? "" })
      assert.strictEqual(gone.status, 412)
      assert.strictEqual((await here.ask(id, PAUSE, { "if-match": "stale" })).status, 400)
    })

    it("413, 415, 422: a body that is too large, of another kind, or refused", async () => {
      const id = await here.campaign("complete")
      const path = `/v1/campaigns/${id}/transitions`
      const json = { "content-type": "application/json" }
      const large = await here.api("POST", path, {
        headers: json,
        raw: `{"note":"${"x".repeat(70_000)}"}`
      })
      assert.strictEqual(large.status, 413)
      const form = await here.api("POST", path, {
        headers: { "content-type": "text/plain" },
        raw: "{}"
      })
      assert.strictEqual(form.status, 415)
      const packed = { ...json, "content-encoding": "gzip" }
      assert.strictEqual((await here.api("POST", path, { headers: packed, raw: "{}" })).status, 415)
      const deep = await here.api("POST", path, {
        headers: json,
        raw: "[".repeat(17) + "]".repeat(17)
      })
      assert.deepStrictEqual(deep.body.problems, [{ key: "body", expected: "JSON in UTF-8" }])
      const utf8 = await here.api("POST", path, {
        headers: json,
        raw: new Uint8Array([0x22, 0xff, 0x22])
      })
      assert.strictEqual(utf8.status, 400)
      const refused = await here.ask(id, { target: "active" })
      assert.deepStrictEqual([refused.status, refused.body.code], [422, "TRANSITION_REJECTED"])
      assert.isAbove(refused.body.violations.length, 0)
      assert.strictEqual(await here.writes(id), 0)
    })

    it("429: as long as Genesys asks us to wait, whoever asks", async () => {
      // What Genesys asks for holds for the whole client: this service asks no more.
      await using other = await Bench.make(contract)
      const { id } = await other.simulator.control.addCampaign({ name: "Limited", status: "on" })
      const { url } = await other.start()
      const limitedApi = await clientOf(url)
      await other.simulator.control.fault({
        campaignId: id,
        kind: "rateLimited",
        retryAfter: "300",
        count: "always"
      })
      const limited = await limitedApi("POST", `/v1/campaigns/${id}/transitions`, { body: PAUSE })
      assert.strictEqual(limited.status, 429)
      const seconds = Number(limited.headers.get("retry-after"))
      assert.isAtMost(seconds, 300)
      assert.isAbove(seconds, 200)
    })

    it("502, 503, 504: what Genesys does to us, told apart", async () => {
      const id = await here.campaign("on")
      const { control } = here.bench.simulator
      await control.fault({ campaignId: id, kind: "malformedJson", count: "always" })
      assert.strictEqual((await here.api("GET", `/v1/campaigns/${id}`)).status, 502)
      await control.clearFaults()
      await control.fault({
        method: here.change,
        campaignId: id,
        kind: "resetAfter",
        count: "always"
      })
      await control.fault({
        method: "GET",
        campaignId: id,
        kind: "resetBefore",
        after: 1,
        count: "always"
      })
      const unknown = await here.ask(id, PAUSE)
      assert.deepStrictEqual([unknown.status, unknown.body.code], [504, "OUTCOME_UNKNOWN"])
      await control.clearFaults()
      const other = await here.campaign("on")
      await control.fault({
        method: here.change,
        campaignId: other,
        kind: "status",
        code: "service.unavailable",
        count: "always"
      })
      const exhausted = await here.ask(other, PAUSE)
      assert.deepStrictEqual([exhausted.status, exhausted.body.code], [503, "RETRIES_EXHAUSTED"])
      await control.clearFaults()
    })
  }
)
