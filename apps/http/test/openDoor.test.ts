import { assert, describe, it } from "vitest"
import { clientOf } from "./support/checked.ts"
import { PAUSE } from "./support/divided.ts"
import { Bench } from "./support/service.ts"

describe("without any credential configured", () => {
  it("refuses to listen elsewhere, and says why", async () => {
    await using bench = await Bench.make()
    let said = ""
    await bench.start({ CAMPAIGNCTL_HTTP_HOST: "0.0.0.0" }).catch((error: unknown) => {
      said = String(error)
    })
    assert.match(said, /ended with 2/)
    assert.match(said, /CAMPAIGNCTL_HTTP_HOST: expected a loopback address/)
  })

  it("listens elsewhere once there is a key, and a revoked one does not open the door", async () => {
    await using bench = await Bench.make()
    const { id } = await bench.key({ name: "only", scopes: ["campaigns:read"] })
    await bench.revoke(id)
    const service = await bench.start({ CAMPAIGNCTL_HTTP_HOST: "0.0.0.0" })
    const reply = await fetch(`${service.url.replace("0.0.0.0", "127.0.0.1")}/v1/campaigns`)
    assert.strictEqual(reply.status, 401)
  })

  it("answers no other name than its own, and no page of another site", async () => {
    await using bench = await Bench.make()
    const { url } = await bench.start()
    const api = await clientOf(url)
    const site = await api("GET", "/v1/campaigns", { headers: { "sec-fetch-site": "cross-site" } })
    assert.deepStrictEqual([site.status, site.body.code], [403, "HOST_NOT_ALLOWED"])
  })
})

describe("what a deployment asks of every caller", () => {
  it("428: a deployment may want every change to be conditional", async () => {
    await using bench = await Bench.make()
    const { url } = await bench.start({ CAMPAIGNCTL_REQUIRE_IF_MATCH: "true" })
    const api = await clientOf(url)
    const [campaign] = (await api("GET", "/v1/campaigns?state=active")).body.campaigns
    const path = `/v1/campaigns/${campaign.id}/transitions`
    const bare = await api("POST", path, { body: PAUSE })
    assert.deepStrictEqual([bare.status, bare.body.code], [428, "PRECONDITION_REQUIRED"])
    const { headers } = await api("GET", `/v1/campaigns/${campaign.id}`)
    const conditional = { "if-match": headers.get("etag") ?? "" }
    assert.strictEqual((await api("POST", path, { body: PAUSE, headers: conditional })).status, 200)
  })

  it("429: more requests than one caller is granted", async () => {
    await using bench = await Bench.make()
    const { url } = await bench.start({ CAMPAIGNCTL_HTTP_RATE_PER_MINUTE: "3" })
    const api = await clientOf(url)
    const statuses: Array<number> = []
    for (let n = 0; n < 3; n++) statuses.push((await api("GET", "/v1/audit")).status)
    assert.deepStrictEqual(statuses, [200, 200, 200])
    const { body, headers, status } = await api("GET", "/v1/audit")
    assert.deepStrictEqual([status, body.code], [429, "TOO_MANY_REQUESTS"])
    const seconds = Number(headers.get("retry-after"))
    // Rounded up: whoever waits as long is let in.
    assert.strictEqual(seconds, Math.ceil(body.retryAfterMs / 1_000))
    assert.isAbove(seconds, 1)
    assert.strictEqual((await api("GET", "/healthz")).status, 200)
  })

  it("429: more requests without a credential than one address is granted, which locks nobody out", async () => {
    await using bench = await Bench.make()
    const { text: key } = await bench.key({ name: "right", scopes: ["audit:read"] })
    const { url } = await bench.start({ CAMPAIGNCTL_HTTP_RATE_PER_MINUTE: "40" })
    const api = await clientOf(url)
    assert.strictEqual((await api("GET", "/v1/audit", { key })).status, 200)
    const statuses = new Set<number>()
    for (let n = 0; n < 60; n++) {
      const { body, headers, status } = await api("GET", "/v1/audit", { key: `guess-${n}` })
      statuses.add(status)
      if (status === 401) assert.match(headers.get("www-authenticate") ?? "", /^Bearer /)
      if (status !== 429) continue
      assert.strictEqual(body.code, "TOO_MANY_REQUESTS")
      assert.match(headers.get("retry-after") ?? "", /^[1-9]\d*$/)
      assert.strictEqual(headers.get("cache-control"), "no-store")
      assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
    }
    assert.deepStrictEqual([...statuses], [401, 429])
    assert.strictEqual((await api("GET", "/v1/audit")).status, 429)
    assert.strictEqual((await api("GET", "/v1/audit", { key })).status, 200)
    // A page that everybody may see makes no credential a right one.
    assert.strictEqual((await api("GET", "/healthz", { key: "guess-0" })).status, 200)
    assert.strictEqual((await api("GET", "/v1/audit", { key: "guess-0" })).status, 429)
    assert.strictEqual((await api("GET", "/docs")).status, 200)
  })
})
