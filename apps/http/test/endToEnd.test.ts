import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { Changing, CONTRACTS } from "./support/changing.ts"
import { PAUSE } from "./support/divided.ts"

const NOBODY = "11111111-1111-4111-8111-111111111111"

describe.each(CONTRACTS)("the service, over the %s contract", (contract) => {
  let here: Changing

  beforeAll(async () => {
    here = await Changing.make(contract)
  })
  afterAll(() => here[Symbol.asyncDispose]())

  it("lists campaigns page by page, each once, with filters", async () => {
    const all = await here.api("GET", "/v1/campaigns?limit=100")
    assert.strictEqual(all.status, 200)
    const ids = all.body.campaigns.map(({ id }: { id: string }) => id)
    const paged: Array<string> = []
    for (let cursor = ""; ;) {
      const { body } = await here.api("GET", `/v1/campaigns?limit=2${cursor}`)
      paged.push(...body.campaigns.map(({ id }: { id: string }) => id))
      if (body.nextCursor === null) break
      assert.strictEqual(body.campaigns.length, 2)
      cursor = `&cursor=${body.nextCursor}`
    }
    assert.deepStrictEqual(paged, ids)
    const paused = await here.api("GET", "/v1/campaigns?state=paused")
    assert.isAbove(paused.body.campaigns.length, 0)
    for (const { state } of paused.body.campaigns) assert.strictEqual(state, "paused")
    const named = await here.api("GET", "/v1/campaigns?name=spring")
    assert.deepStrictEqual(
      named.body.campaigns.map(({ name }: { name: string }) => name),
      ["Spring Renewals UK"]
    )
  })

  it("finds a few among many without reading a page twice, and says where it stopped", async () => {
    const { control } = here.bench.simulator
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
    const first = await here.api("GET", path)
    assert.deepStrictEqual(
      [first.status, first.body.campaigns, first.body.partial],
      [200, [], true]
    )
    const second = await here.api("GET", `${path}&cursor=${first.body.nextCursor}`)
    assert.deepStrictEqual(
      [second.body.campaigns.length, second.body.nextCursor, second.body.partial],
      [1, null, false]
    )
    // The watch lists too, without a name.
    const asked = (await control.requests({ method: "GET" })).filter(
      ({ query, route, status }) =>
        status === 200 &&
        route?.endsWith("/outbound/campaigns") === true &&
        query.includes(prefix.slice(-12))
    )
    assert.strictEqual(asked.length, 21)
  })

  it("shows one campaign with its ETag and what it may become", async () => {
    const id = await here.campaign("on")
    const { body, headers, status } = await here.api("GET", `/v1/campaigns/${id.toUpperCase()}`)
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
    const id = await here.campaign("on")
    const before = await here.api("GET", `/v1/campaigns/${id}`)
    const paused = await here.ask(id, PAUSE, { "if-match": before.headers.get("etag") ?? "" })
    assert.strictEqual(paused.status, 200, paused.text)
    assert.strictEqual(paused.body.outcome, "applied")
    assert.strictEqual((await here.ask(id, PAUSE)).body.outcome, "already-there")
    await here.bench.simulator.control.changeCampaign(id, { status: "off" })
    const dry = await here.ask(id, { target: "active", dryRun: true })
    assert.deepStrictEqual([dry.body.outcome, dry.body.auditSequence], ["would-apply", null])
    assert.strictEqual(await here.writes(id), 1)
    const active = await here.ask(id, { target: "active" })
    assert.deepStrictEqual([active.body.outcome, active.body.state], ["applied", "active"])
    assert.strictEqual(await here.writes(id), 2)
  })

  it("goes on with a change whose caller hangs up, and answers nobody else for it", async () => {
    const id = await here.campaign("on")
    await here.bench.simulator.control.fault({
      method: here.change,
      campaignId: id,
      kind: "latency",
      milliseconds: 300,
      when: "after"
    })
    const stop = new AbortController()
    const asked = fetch(`${here.service.url}/v1/campaigns/${id}/transitions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(PAUSE),
      signal: stop.signal
    }).catch(() => "gone")
    while ((await here.writes(id)) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    stop.abort()
    assert.strictEqual(await asked, "gone")
    const entries = async () => (await here.api("GET", `/v1/audit?campaignId=${id}`)).body.entries
    while ((await entries()).length < 2) await new Promise((resolve) => setTimeout(resolve, 10))
    const [outcome] = await entries()
    assert.deepStrictEqual([outcome.outcome, outcome.errorCode], ["applied", null])
  })

  it("explains a decision without acting", async () => {
    const id = await here.campaign("off")
    const { body, status } = await here.api("GET", `/v1/campaigns/${id}/decision?target=paused`)
    assert.deepStrictEqual([status, body.outcome], [200, "already-there"])
    const start = await here.api("GET", `/v1/campaigns/${id}/decision?target=active`)
    assert.strictEqual(start.body.outcome, "allowed")
    assert.strictEqual(await here.writes(id), 0)
  })

  it("gives the ledger: pages, one entry, verification, export", async () => {
    const id = await here.campaign("on")
    const { body } = await here.ask(id, { ...PAUSE, note: "seen by the export" })
    const one = await here.api("GET", `/v1/audit/${body.auditSequence}`)
    assert.deepStrictEqual(
      [one.body.campaignId, one.body.outcome, one.body.source],
      [id, "applied", "http"]
    )
    const list = await here.api("GET", `/v1/audit?campaignId=${id}&limit=1`)
    assert.strictEqual(list.body.entries[0].sequence, body.auditSequence)
    const next = await here.api(
      "GET",
      `/v1/audit?campaignId=${id}&limit=1&cursor=${list.body.nextCursor}`
    )
    assert.deepStrictEqual([next.body.entries[0].kind, next.body.nextCursor], ["intent", null])
    const verified = await here.api("GET", "/v1/audit/verify")
    assert.strictEqual(verified.body.intact, true)
    const lines = await here.api("GET", `/v1/audit/export?campaignId=${id}`)
    assert.deepStrictEqual(
      lines.text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line).kind),
      ["intent", "outcome"]
    )
    const csv = await here.api("GET", `/v1/audit/export?campaignId=${id}&format=csv`)
    assert.match(csv.headers.get("content-type") ?? "", /^text\/csv/)
    assert.include(csv.text, "seen by the export")
  })

  it("tells every change as it is recorded, from where the client left off", async () => {
    const id = await here.campaign("on")
    const { body } = await here.ask(id, PAUSE)
    const stop = new AbortController()
    const reply = await fetch(`${here.service.url}/v1/events`, {
      headers: { "last-event-id": String(body.auditSequence - 2) },
      signal: stop.signal
    })
    assert.match(reply.headers.get("content-type") ?? "", /^text\/event-stream/)
    const other = await here.campaign("on")
    let text = ""
    const decoder = new TextDecoder()
    for await (const chunk of reply.body ?? []) {
      text += decoder.decode(chunk, { stream: true })
      if (text.includes(`id: ${body.auditSequence}\n`) && !text.includes(other))
        await here.ask(other, PAUSE)
      if (text.includes(other) && text.match(/^event: outcome$/gm)?.length === 2) break
    }
    stop.abort()
    const events = text
      .split("\n\n")
      .filter((event) => event.startsWith("id: "))
      .map((event) => /^id: (\d+)\nevent: (\w+)/.exec(event)?.slice(1) ?? [])
    const [[first] = []] = events
    assert.strictEqual(first, String(body.auditSequence - 1))
    assert.deepStrictEqual(
      events.map(([number]) => number),
      events.map((_event, step) => String(body.auditSequence - 1 + step))
    )
    // What the watch sees of other campaigns comes between.
    assert.deepStrictEqual(
      events.map(([, kind]) => kind).filter((kind) => kind === "intent" || kind === "outcome"),
      ["intent", "outcome", "intent", "outcome"]
    )
  })

  it("is alive, ready, described, and explains every problem", async () => {
    assert.strictEqual((await here.api("GET", "/healthz")).status, 200)
    assert.strictEqual((await here.api("GET", "/readyz")).status, 200)
    assert.include((await here.api("GET", "/docs")).text, "<main")
    assert.strictEqual((await here.api("GET", "/openapi.json")).body.openapi, "3.1.0")
    const metrics = await here.api("GET", "/metrics")
    assert.strictEqual(metrics.status, 200)
    assert.include(metrics.text, "# TYPE campaignctl_transitions_total counter")
    const page = await here.api("GET", "/docs/problems/METRICS_NOT_CONFIGURED")
    assert.deepStrictEqual([page.status, page.text.includes("No metrics are kept")], [200, true])
    assert.strictEqual((await here.api("GET", "/docs/problems")).status, 200)
    assert.strictEqual((await here.api("GET", "/docs/problems/NO_SUCH_CODE")).status, 404)
  })

  it("hands the caller's request id back, and replaces one that could do harm", async () => {
    const kept = await here.api("GET", "/healthz", { headers: { "x-request-id": "order-66" } })
    assert.strictEqual(kept.headers.get("x-request-id"), "order-66")
    const odd = await here.api("GET", "/healthz", { headers: { "x-request-id": "a b;c" } })
    assert.match(odd.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/)
  })

  it("continues the caller's trace, into the problem and the ledger", async () => {
    const trace = "0af7651916cd43dd8448eb211c80319c"
    const headers = { traceparent: `00-${trace}-b7ad6b7169203331-01` }
    const refused = await here.ask(NOBODY, PAUSE, headers)
    assert.deepStrictEqual([refused.status, refused.body.traceId], [404, trace])
    const { body } = await here.ask(await here.campaign("on"), PAUSE, headers)
    assert.strictEqual(
      (await here.api("GET", `/v1/audit/${body.auditSequence}`)).body.traceId,
      trace
    )
  })

  it("has met every route of the table", () => {
    const met = new Set([...here.api.description.seen].map((line) => line.replace(/ \d+$/, "")))
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
