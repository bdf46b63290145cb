import type { CampaignStatus } from "@campaignctl/genesys-simulator"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Client, clientOf } from "./support/checked.ts"
import { Bench, type Contract, type Service } from "./support/service.ts"

const CONTRACTS: ReadonlyArray<Contract> = ["platform", "etag"]
const NOBODY = "11111111-1111-4111-8111-111111111111"
const PAUSE = { target: "paused", reason: "OTHER" }

describe.each(CONTRACTS)("the service, over the %s contract", (contract) => {
  let bench: Bench
  let service: Service
  let api: Client & { description: { seen: Set<string> } }

  const make = async (status: CampaignStatus = "on", queueId?: string): Promise<string> => {
    const queues = await bench.simulator.control.queues()
    const queue = queueId ?? queues[0]?.id ?? ""
    await bench.simulator.control.agents(queue, 5)
    const { id } = await bench.simulator.control.addCampaign({
      name: `E2E ${crypto.randomUUID()}`,
      status,
      queueId: queue,
      dialingMode: "power"
    })
    return id
  }
  const ask = (id: string, body: object, headers: Record<string, string> = {}) =>
    api("POST", `/v1/campaigns/${id}/transitions`, { body, headers })
  const change = contract === "platform" ? "PUT" : "PATCH"
  const writes = async (campaignId: string) =>
    (await bench.simulator.control.writes({ campaignId, by: "api" })).length

  beforeAll(async () => {
    bench = await Bench.make(contract)
    service = await bench.start()
    api = await clientOf(service.url)
  })
  afterAll(() => bench[Symbol.asyncDispose]())

  it("lists campaigns page by page, each once, with filters", async () => {
    const all = await api("GET", "/v1/campaigns?limit=100")
    assert.strictEqual(all.status, 200)
    const ids = all.body.campaigns.map(({ id }: { id: string }) => id)
    const paged: Array<string> = []
    for (let cursor = ""; ;) {
      const { body } = await api("GET", `/v1/campaigns?limit=2${cursor}`)
      paged.push(...body.campaigns.map(({ id }: { id: string }) => id))
      if (body.nextCursor === null) break
      assert.strictEqual(body.campaigns.length, 2)
      cursor = `&cursor=${body.nextCursor}`
    }
    assert.deepStrictEqual(paged, ids)
    const paused = await api("GET", "/v1/campaigns?state=paused")
    assert.isAbove(paused.body.campaigns.length, 0)
    for (const { state } of paused.body.campaigns) assert.strictEqual(state, "paused")
    const named = await api("GET", "/v1/campaigns?name=spring")
    assert.deepStrictEqual(
      named.body.campaigns.map(({ name }: { name: string }) => name),
      ["Spring Renewals UK"]
    )
  })

  it("finds a few among many without reading a page twice, and says where it stopped", async () => {
    const { control } = bench.simulator
    // More of Genesys' pages than one request looks through, and one campaign behind them all.
    const prefix = `Zz ${crypto.randomUUID()}`
    const MANY = 2_050
    for (let n = 0; n < MANY; n++)
      await control.addCampaign({
        name: `${prefix} ${String(n).padStart(5, "0")}`,
        status: n === MANY - 1 ? "complete" : "off"
      })
    await control.clearLogs()
    await control.fault({
      route: "/api/v2/outbound/campaigns",
      kind: "rateLimited",
      retryAfter: "0",
      after: 3
    })
    const path = `/v1/campaigns?state=completed&name=${encodeURIComponent(prefix)}`
    const first = await api("GET", path)
    assert.deepStrictEqual(
      [first.status, first.body.campaigns, first.body.partial],
      [200, [], true]
    )
    const second = await api("GET", `${path}&cursor=${first.body.nextCursor}`)
    assert.deepStrictEqual(
      [second.body.campaigns.length, second.body.nextCursor, second.body.partial],
      [1, null, false]
    )
    const asked = (await control.requests({ method: "GET" })).filter(
      ({ route, status }) => status === 200 && route?.endsWith("/outbound/campaigns") === true
    )
    assert.strictEqual(asked.length, 21)
  })

  it("shows one campaign with its ETag and what it may become", async () => {
    const id = await make("on")
    const { body, headers, status } = await api("GET", `/v1/campaigns/${id.toUpperCase()}`)
    assert.strictEqual(status, 200)
    assert.match(headers.get("etag") ?? "", /^"[^"]+"$/)
    assert.strictEqual(body.state, "active")
    assert.deepStrictEqual(
      body.targets.map(({ needs, outcome, target }: Record<string, unknown>) => [
        target,
        outcome,
        needs
      ]),
      [
        ["active", "already-there", []],
        ["paused", "allowed", ["reason"]],
        ["completed", "allowed", []],
        ["archived", "allowed", []]
      ]
    )
  })

  it("changes a campaign, tells that it is there already, and activates it again", async () => {
    const id = await make("on")
    const before = await api("GET", `/v1/campaigns/${id}`)
    const paused = await ask(id, PAUSE, { "if-match": before.headers.get("etag") ?? "" })
    assert.strictEqual(paused.status, 200, paused.text)
    assert.strictEqual(paused.body.outcome, "applied")
    assert.strictEqual((await ask(id, PAUSE)).body.outcome, "already-there")
    await bench.simulator.control.changeCampaign(id, { status: "off" })
    const dry = await ask(id, { target: "active", dryRun: true })
    assert.deepStrictEqual([dry.body.outcome, dry.body.auditSequence], ["would-apply", null])
    assert.strictEqual(await writes(id), 1)
    const active = await ask(id, { target: "active" })
    assert.deepStrictEqual([active.body.outcome, active.body.state], ["applied", "active"])
    assert.strictEqual(await writes(id), 2)
  })

  it("goes on with a change whose caller hangs up, and answers nobody else for it", async () => {
    const id = await make("on")
    await bench.simulator.control.fault({
      method: change,
      campaignId: id,
      kind: "latency",
      milliseconds: 300,
      when: "after"
    })
    const stop = new AbortController()
    const asked = fetch(`${service.url}/v1/campaigns/${id}/transitions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(PAUSE),
      signal: stop.signal
    }).catch(() => "gone")
    while ((await writes(id)) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    stop.abort()
    assert.strictEqual(await asked, "gone")
    const entries = async () => (await api("GET", `/v1/audit?campaignId=${id}`)).body.entries
    while ((await entries()).length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    const [outcome] = await entries()
    assert.deepStrictEqual([outcome.outcome, outcome.errorCode], ["applied", null])
  })

  it("explains a decision without acting", async () => {
    const id = await make("off")
    const { body, status } = await api("GET", `/v1/campaigns/${id}/decision?target=paused`)
    assert.deepStrictEqual([status, body.outcome], [200, "already-there"])
    const start = await api("GET", `/v1/campaigns/${id}/decision?target=active`)
    assert.strictEqual(start.body.outcome, "allowed")
    assert.strictEqual(await writes(id), 0)
  })

  it("gives the ledger: pages, one entry, verification, export", async () => {
    const id = await make("on")
    const { body } = await ask(id, { ...PAUSE, note: "seen by the export" })
    const one = await api("GET", `/v1/audit/${body.auditSequence}`)
    assert.deepStrictEqual(
      [one.body.campaignId, one.body.outcome, one.body.source],
      [id, "applied", "http"]
    )
    const list = await api("GET", `/v1/audit?campaignId=${id}&limit=1`)
    assert.strictEqual(list.body.entries[0].sequence, body.auditSequence)
    const next = await api(
      "GET",
      `/v1/audit?campaignId=${id}&limit=1&cursor=${list.body.nextCursor}`
    )
    assert.deepStrictEqual([next.body.entries[0].kind, next.body.nextCursor], ["intent", null])
    const verified = await api("GET", "/v1/audit/verify")
    assert.strictEqual(verified.body.intact, true)
    const lines = await api("GET", `/v1/audit/export?campaignId=${id}`)
    assert.deepStrictEqual(
      lines.text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).kind),
      ["intent", "outcome"]
    )
    const csv = await api("GET", `/v1/audit/export?campaignId=${id}&format=csv`)
    assert.match(csv.headers.get("content-type") ?? "", /^text\/csv/)
    assert.include(csv.text, "seen by the export")
  })

  it("tells every change as it is recorded, from where the client left off", async () => {
    const id = await make("on")
    const { body } = await ask(id, PAUSE)
    const stop = new AbortController()
    const reply = await fetch(`${service.url}/v1/events`, {
      headers: { "last-event-id": String(body.auditSequence - 2) },
      signal: stop.signal
    })
    assert.match(reply.headers.get("content-type") ?? "", /^text\/event-stream/)
    const other = await make("on")
    let text = ""
    const decoder = new TextDecoder()
    for await (const chunk of reply.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (text.includes(`id: ${body.auditSequence}\n`) && !text.includes(other))
        await ask(other, PAUSE)
      if (text.includes(other) && text.match(/^event: outcome$/gm)?.length === 2) break
    }
    stop.abort()
    const events = text.split("\n\n").filter((event) => event.startsWith("id: "))
    assert.deepStrictEqual(
      events.map((event) => /^id: (\d+)\nevent: (\w+)/.exec(event)?.slice(1)),
      [0, 1, 2, 3].map((step) => [
        String(body.auditSequence - 1 + step),
        step % 2 === 0 ? "intent" : "outcome"
      ])
    )
  })

  it("is alive, ready, described, and explains every problem", async () => {
    assert.strictEqual((await api("GET", "/healthz")).status, 200)
    assert.strictEqual((await api("GET", "/readyz")).status, 200)
    assert.include((await api("GET", "/docs")).text, "<main")
    assert.strictEqual((await api("GET", "/openapi.json")).body.openapi, "3.1.0")
    const metrics = await api("GET", "/metrics")
    assert.strictEqual(metrics.status, 200)
    assert.include(metrics.text, "# TYPE campaignctl_transitions_total counter")
    const page = await api("GET", "/docs/problems/METRICS_NOT_CONFIGURED")
    assert.deepStrictEqual([page.status, page.text.includes("No metrics are kept")], [200, true])
    assert.strictEqual((await api("GET", "/docs/problems")).status, 200)
    assert.strictEqual((await api("GET", "/docs/problems/NO_SUCH_CODE")).status, 404)
  })

  it("hands the caller's request id back, and replaces one that could do harm", async () => {
    const kept = await api("GET", "/healthz", { headers: { "x-request-id": "order-66" } })
    assert.strictEqual(kept.headers.get("x-request-id"), "order-66")
    const odd = await api("GET", "/healthz", { headers: { "x-request-id": "a b;c" } })
    assert.match(odd.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/)
  })

  it("continues the caller's trace, into the problem and the ledger", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c"
    const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` }
    const refused = await ask(NOBODY, PAUSE, headers)
    assert.deepStrictEqual([refused.status, refused.body.traceId], [404, trace])
    const { body } = await ask(await make("on"), PAUSE, headers)
    assert.strictEqual((await api("GET", `/v1/audit/${body.auditSequence}`)).body.traceId, trace)
  })

  it("400, 404, 405: what cannot be understood or is not there", async () => {
    const bad = await ask(await make(), { target: "stopped", surprise: 1 })
    assert.strictEqual(bad.status, 400)
    assert.deepStrictEqual(bad.body.problems.map(({ key }: { key: string }) => key).toSorted(), [
      "body.surprise",
      "body.target"
    ])
    // What was sent is not repeated: it may be personal, or a secret.
    assert.notInclude(bad.text, "stopped")
    assert.strictEqual(bad.body.detail, "The request is not well formed.")
    for (const problem of bad.body.problems) assert.hasAllKeys(problem, ["key", "expected"])
    assert.strictEqual((await api("GET", "/v1/campaigns?limit=0")).status, 400)
    assert.strictEqual((await api("GET", "/v1/campaigns?cursor=bm8")).status, 400)
    assert.strictEqual((await api("GET", "/v1/campaigns?limit=1&limit=2")).status, 400)
    assert.strictEqual((await api("GET", "/v1/campaigns/not-an-id")).status, 400)
    // What was to be tried must not be done because it stands in the wrong place.
    const id = await make("on")
    const tried = await api("POST", `/v1/campaigns/${id}/transitions?dryRun=true`, { body: PAUSE })
    assert.deepStrictEqual(
      [tried.status, tried.body.problems],
      [400, [{ key: "query.dryRun", expected: "no excess property" }]]
    )
    assert.strictEqual(await writes(id), 0)
    assert.strictEqual((await api("GET", `/v1/campaigns/${id}?fields=name`)).status, 400)
    assert.strictEqual((await api("GET", "/healthz?at=1")).status, 200)
    assert.strictEqual((await api("GET", `/v1/campaigns/${NOBODY}`)).status, 404)
    assert.strictEqual((await api("GET", "/v1/audit/999999999")).status, 404)
    assert.strictEqual((await api("GET", "/v2")).status, 404)
    const method = await api("DELETE", "/v1/campaigns")
    assert.deepStrictEqual([method.status, method.headers.get("allow")], [405, "GET, HEAD"])
  })

  it("409: a conflict that every retry met, and 412: a condition that was not met", async () => {
    const id = await make("on")
    const { headers } = await api("GET", `/v1/campaigns/${id}`)
    const stale = await ask(id, PAUSE, { "if-match": '"stale"' })
    assert.deepStrictEqual([stale.status, stale.body.code], [412, "PRECONDITION_FAILED"])
    // A weak tag never matches, and a dry run is held to its condition too.
    const etag = headers.get("etag") ?? ""
    assert.strictEqual((await ask(id, PAUSE, { "if-match": `W/${etag}` })).status, 412)
    const dry = { ...PAUSE, dryRun: true }
    assert.strictEqual((await ask(id, dry, { "if-match": '"stale"' })).status, 412)
    assert.strictEqual((await ask(id, dry, { "if-match": etag })).status, 200)
    assert.strictEqual((await ask(id, dry, { "if-match": "*" })).status, 200)
    assert.strictEqual(await writes(id), 0)
    await bench.simulator.control.fault({
      method: change,
      campaignId: id,
      kind: "otherWriter",
      count: "always"
    })
    const conflict = await ask(id, PAUSE)
    assert.deepStrictEqual([conflict.status, conflict.body.lastCode], [409, "LOCK_CONFLICT"])
    await bench.simulator.control.clearFaults()
    const gone = await ask(id, PAUSE, { "if-match": headers.get("etag") ?? "" })
    assert.strictEqual(gone.status, 412)
    assert.strictEqual((await ask(id, PAUSE, { "if-match": "stale" })).status, 400)
  })

  it("413, 415, 422: a body that is too large, of another kind, or refused", async () => {
    const id = await make("complete")
    const path = `/v1/campaigns/${id}/transitions`
    const json = { "content-type": "application/json" }
    const large = await api("POST", path, {
      headers: json,
      raw: `{"note":"${"x".repeat(70_000)}"}`
    })
    assert.strictEqual(large.status, 413)
    const form = await api("POST", path, { headers: { "content-type": "text/plain" }, raw: "{}" })
    assert.strictEqual(form.status, 415)
    const packed = { ...json, "content-encoding": "gzip" }
    assert.strictEqual((await api("POST", path, { headers: packed, raw: "{}" })).status, 415)
    const deep = await api("POST", path, { headers: json, raw: "[".repeat(17) + "]".repeat(17) })
    assert.deepStrictEqual(deep.body.problems, [{ key: "body", expected: "JSON in UTF-8" }])
    const utf8 = await api("POST", path, { headers: json, raw: new Uint8Array([0x22, 0xff, 0x22]) })
    assert.strictEqual(utf8.status, 400)
    const refused = await ask(id, { target: "active" })
    assert.deepStrictEqual([refused.status, refused.body.code], [422, "TRANSITION_REJECTED"])
    assert.isAbove(refused.body.violations.length, 0)
    assert.strictEqual(await writes(id), 0)
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
    const id = await make("on")
    const { control } = bench.simulator
    await control.fault({ campaignId: id, kind: "malformedJson", count: "always" })
    assert.strictEqual((await api("GET", `/v1/campaigns/${id}`)).status, 502)
    await control.clearFaults()
    await control.fault({ method: change, campaignId: id, kind: "resetAfter", count: "always" })
    await control.fault({
      method: "GET",
      campaignId: id,
      kind: "resetBefore",
      after: 1,
      count: "always"
    })
    const unknown = await ask(id, PAUSE)
    assert.deepStrictEqual([unknown.status, unknown.body.code], [504, "OUTCOME_UNKNOWN"])
    await control.clearFaults()
    const other = await make("on")
    await control.fault({
      method: change,
      campaignId: other,
      kind: "status",
      code: "service.unavailable",
      count: "always"
    })
    const exhausted = await ask(other, PAUSE)
    assert.deepStrictEqual([exhausted.status, exhausted.body.code], [503, "RETRIES_EXHAUSTED"])
    await control.clearFaults()
  })

  it("has met every route of the table", () => {
    const met = new Set([...api.description.seen].map((line) => line.replace(/ \d+$/, "")))
    assert.deepStrictEqual([...met].toSorted(), [
      "GET /docs",
      "GET /docs/problems",
      "GET /docs/problems/{code}",
      "GET /healthz",
      "GET /metrics",
      "GET /openapi.json",
      "GET /readyz",
      "GET /v1/audit",
      "GET /v1/audit/export",
      "GET /v1/audit/verify",
      "GET /v1/audit/{sequence}",
      "GET /v1/campaigns",
      "GET /v1/campaigns/{id}",
      "GET /v1/campaigns/{id}/decision",
      "POST /v1/campaigns/{id}/transitions"
    ])
  })
})
