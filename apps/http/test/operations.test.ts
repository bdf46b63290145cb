import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Client, clientOf, type Reply } from "./support/checked.ts"
import { Bench, type Service } from "./support/service.ts"

const PAUSE = { target: "paused", reason: "OTHER" }
const NOBODY = "11111111-1111-7111-8111-111111111111"
const ALL = [
  "campaigns:read",
  "campaigns:operate",
  "campaigns:override",
  "campaigns:halt",
  "audit:read",
  "admin"
] as const
const FLEET = 12
/** Milliseconds for which Genesys keeps its answer back, so that the service can be killed meanwhile. */
const HELD_BACK_MS = 20_000

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe("operations over HTTP, on SQLite", () => {
  let bench: Bench
  let service: Service
  let api: Client
  let home: string
  let away: string
  let bound: string

  const make = async (name: string, divisionId = home, queueId?: string): Promise<string> => {
    const { id } = await bench.simulator.control.addCampaign({
      name,
      status: "on",
      divisionId,
      ...(queueId === undefined ? {} : { queueId })
    })
    return id
  }
  const writes = async (campaignId: string): Promise<number> =>
    (await bench.simulator.control.writes({ campaignId, by: "api" })).length
  const over = async (id: string): Promise<Reply["body"]> => {
    while (true) {
      const { body } = await api("GET", `/v1/operations/${id}`)
      if (body.over) return body
      await pause(20)
    }
  }
  const fleet = (name: string, more: object = {}, headers: Record<string, string> = {}) =>
    api("POST", "/v1/fleet", {
      headers,
      body: { selector: { namePattern: `${name} *` }, ...PAUSE, ...more }
    })
  const makeFleet = async (name: string): Promise<ReadonlyArray<string>> => {
    const ids: Array<string> = []
    for (let n = 0; n < FLEET; n++) ids.push(await make(`${name} ${String(n).padStart(2, "0")}`))
    return ids
  }
  const start = async (): Promise<void> => {
    service = await bench.start()
    api = await clientOf(service.url, right)
  }
  let right = ""

  beforeAll(async () => {
    bench = await Bench.make()
    const { divisions } = await bench.simulator.control.state()
    ;[home = "", away = ""] = divisions.map(({ id }) => id)
    right = (await bench.key({ name: "right", scopes: ALL })).text
    bound = (await bench.key({ name: "bound", scopes: ALL, divisionIds: [home] })).text
    await start()
  })
  afterAll(() => bench[Symbol.asyncDispose]())

  it("a change that nobody waits for is answered with an operation, and made", async () => {
    const id = await make("Async one")
    const asked = await api("POST", `/v1/campaigns/${id}/transitions`, {
      body: PAUSE,
      headers: { prefer: "wait=5, respond-async" }
    })
    assert.strictEqual(asked.status, 202, asked.text)
    assert.strictEqual(asked.headers.get("preference-applied"), "respond-async")
    assert.strictEqual(asked.headers.get("location"), `/v1/operations/${asked.body.id}`)
    assert.deepStrictEqual(
      [asked.body.kind, asked.body.asked],
      ["transition", { campaignId: id, change: PAUSE }]
    )
    const done = await over(asked.body.id)
    assert.deepStrictEqual([done.status, done.counts.applied], ["succeeded", 1])
    const { body } = await api("GET", `/v1/operations/${asked.body.id}/items`)
    assert.deepStrictEqual(
      body.items.map(({ campaignId, stateBefore, status }: Record<string, unknown>) => [
        campaignId,
        stateBefore,
        status
      ]),
      [[id, "active", "applied"]]
    )
    assert.strictEqual(await writes(id), 1)
    const entry = await api("GET", `/v1/audit/${body.items[0].auditSequence}`)
    assert.deepStrictEqual([entry.body.campaignId, entry.body.source], [id, "http"])
  })

  it("a drain is waited for, in full view; a dry run never is", async () => {
    const id = await make("Draining one")
    const path = `/v1/campaigns/${id}/transitions`
    const dry = await api("POST", path, {
      body: { ...PAUSE, drainDeadlineMs: 60_000, dryRun: true },
      headers: { prefer: "respond-async" }
    })
    assert.deepStrictEqual([dry.status, dry.body.outcome], [200, "would-apply"])
    const asked = await api("POST", path, { body: { ...PAUSE, drainDeadlineMs: 60_000 } })
    assert.strictEqual(asked.status, 202)
    assert.isNull(asked.headers.get("preference-applied"))
    const stream = await fetch(`${service.url}/v1/operations/${asked.body.id}/events`, {
      headers: { authorization: `Bearer ${right}` }
    })
    let text = ""
    for await (const chunk of stream.body ?? []) {
      text += new TextDecoder().decode(chunk)
      // The calls end once the wait for them is seen.
      if (text.includes('"draining":1'))
        await bench.simulator.control.changeCampaign(id, { status: "off" })
    }
    const events = [...text.matchAll(/^event: (\w+)\ndata: (.*)\n$/gm)].map(([, event, data]) => ({
      event,
      operation: JSON.parse(data ?? "")
    }))
    assert.deepStrictEqual(
      events.map(({ event }) => event),
      [...events.slice(1).map(() => "progress"), "over"]
    )
    assert.isAbove(events.length, 1)
    assert.strictEqual(events.at(-1)?.operation.status, "succeeded")
    const { body } = await api("GET", `/v1/operations/${asked.body.id}/items?status=applied`)
    assert.strictEqual(body.items[0].stateAfter, "paused")
  })

  it("If-Match is kept to by the operation; what can never match is refused at once", async () => {
    const id = await make("Conditional one")
    const ask = (ifMatch: string) =>
      api("POST", `/v1/campaigns/${id}/transitions`, {
        body: PAUSE,
        headers: { prefer: "respond-async", "if-match": ifMatch }
      })
    assert.strictEqual((await ask('W/"1"')).status, 412)
    assert.strictEqual((await ask("what")).status, 400)
    const stale = await over((await ask('"another"')).body.id)
    assert.deepStrictEqual([stale.status, stale.counts.failed], ["failed", 1])
    assert.strictEqual(await writes(id), 0)
  })

  it("a campaign that is not there, or not the caller's, fails the operation alike", async () => {
    const theirs = await make("Zebra async", away)
    const ends: Array<unknown> = []
    for (const id of [theirs, NOBODY]) {
      const { body } = await api("POST", `/v1/campaigns/${id}/transitions`, {
        body: PAUSE,
        key: bound,
        headers: { prefer: "respond-async" }
      })
      const { detail, status } = await over(body.id)
      ends.push([status, detail.replaceAll(id, "ID")])
    }
    assert.deepStrictEqual(ends[0], ends[1])
    assert.strictEqual(await writes(theirs), 0)
  })

  it("one key makes one operation, however often it is sent, across kill -9", async () => {
    const ids = await makeFleet("Keyed")
    await bench.simulator.control.fault({
      method: "PUT",
      campaignId: ids[0] ?? "",
      kind: "latency",
      milliseconds: HELD_BACK_MS,
      when: "after"
    })
    const key = { "idempotency-key": "fleet-1" }
    const first = await fleet("Keyed", { concurrency: 1 }, key)
    assert.strictEqual(first.status, 202, first.text)
    while ((await writes(ids[0] ?? "")) === 0) await pause(10)
    await service.end("SIGKILL")
    await bench.simulator.control.clearFaults()
    await start()
    const again = await fleet("Keyed", { concurrency: 1 }, key)
    assert.deepStrictEqual([again.status, again.body.id], [202, first.body.id])
    assert.strictEqual(again.headers.get("idempotency-replayed"), "true")
    const other = await fleet("Keyed", { concurrency: 2 }, key)
    assert.deepStrictEqual([other.status, other.body.code], [422, "IDEMPOTENCY_KEY_REUSED"])
    const done = await over(first.body.id)
    assert.strictEqual(done.status, "succeeded", JSON.stringify(done))
    for (const id of ids) assert.strictEqual(await writes(id), 1)
    assert.isTrue((await api("GET", "/v1/audit/verify")).body.intact)
  })

  it("a fleet is planned page by page, counted, refused where it is another, and carried out", async () => {
    const ids = await makeFleet("Counted")
    const paged: Array<string> = []
    for (let cursor = {}; ;) {
      const { body, status } = await fleet("Counted", { dryRun: true, limit: 5, ...cursor })
      assert.strictEqual(status, 200)
      for (const { campaignId, outcome } of body.items) {
        assert.strictEqual(outcome, "allowed")
        paged.push(campaignId)
      }
      if (body.nextCursor === null) break
      assert.lengthOf(body.items, 5)
      cursor = { cursor: body.nextCursor }
    }
    assert.deepStrictEqual(paged.toSorted(), [...ids].toSorted())
    const differs = await fleet("Counted", { expectedCampaigns: FLEET - 1 })
    assert.deepStrictEqual(
      [differs.status, differs.body.code, differs.body.selectedCampaigns],
      [409, "FLEET_DIFFERS", FLEET]
    )
    for (const id of ids) assert.strictEqual(await writes(id), 0)
    const done = await over((await fleet("Counted", { expectedCampaigns: FLEET })).body.id)
    assert.deepStrictEqual([done.status, done.counts.applied], ["succeeded", FLEET])
    const [page, rest] = [
      await api("GET", `/v1/operations/${done.id}/items?limit=10`),
      await api("GET", `/v1/operations/${done.id}/items?limit=10&cursor=x`)
    ]
    assert.lengthOf(page.body.items, 10)
    assert.strictEqual(rest.status, 400)
    const last = await api(
      "GET",
      `/v1/operations/${done.id}/items?limit=10&cursor=${page.body.nextCursor}`
    )
    assert.deepStrictEqual([last.body.items.length, last.body.nextCursor], [FLEET - 10, null])
  })

  it("a pause without a reason, an empty selector and a page that is no dry run's are malformed", async () => {
    const bodies = [
      { selector: { all: true }, target: "paused" },
      { selector: {}, ...PAUSE },
      { selector: { ids: [] }, ...PAUSE },
      { ...PAUSE },
      { selector: { all: false }, ...PAUSE },
      { selector: { all: true }, ...PAUSE, limit: 5 },
      { selector: { all: true }, ...PAUSE, concurrency: 101 }
    ]
    for (const body of bodies)
      assert.strictEqual((await api("POST", "/v1/fleet", { body })).status, 400)
  })

  it("an operation is paused, resumed and cancelled; one that is over is not", async () => {
    const ids = await makeFleet("Steered")
    await bench.simulator.control.fault({
      method: "PUT",
      kind: "latency",
      milliseconds: 300,
      when: "before",
      count: FLEET
    })
    const { body } = await fleet("Steered", { concurrency: 1 })
    const steer = (way: string) => api("POST", `/v1/operations/${body.id}/${way}`)
    while ((await writes(ids[0] ?? "")) === 0) await pause(10)
    assert.strictEqual((await steer("pause")).body.status, "paused")
    assert.strictEqual((await steer("resume")).body.status, "running")
    assert.isTrue((await steer("cancel")).body.cancelRequested)
    const done = await over(body.id)
    assert.strictEqual(done.status, "cancelled")
    assert.isAbove(done.counts.skipped, 0)
    assert.strictEqual(done.counts.applied + done.counts.skipped, FLEET)
    await bench.simulator.control.clearFaults()
    for (const way of ["pause", "resume", "cancel"]) {
      const refused = await steer(way)
      assert.deepStrictEqual(
        [refused.status, refused.body.code],
        [409, "OPERATION_NOT_CONTROLLABLE"]
      )
    }
  })

  it("operations are listed newest first, page by page, with filters", async () => {
    const all = (await api("GET", "/v1/operations?limit=200")).body.operations
    const ids: ReadonlyArray<string> = all.map(({ id }: { id: string }) => id)
    assert.isAbove(ids.length, 5)
    ids.forEach((id, at) => at > 0 && assert.isBelow(id.localeCompare(ids[at - 1] ?? ""), 0))
    const paged: Array<string> = []
    for (let cursor = ""; ;) {
      const { body } = await api("GET", `/v1/operations?limit=2${cursor}`)
      paged.push(...body.operations.map(({ id }: { id: string }) => id))
      if (body.nextCursor === null) break
      cursor = `&cursor=${body.nextCursor}`
    }
    assert.deepStrictEqual(paged, ids)
    const fleets = (await api("GET", "/v1/operations?kind=fleet&status=cancelled")).body.operations
    assert.lengthOf(fleets, 1)
    assert.strictEqual((await api("GET", "/v1/operations?cursor=x")).status, 400)
  })

  it("a halt stops, holds starts of every kind, and is lifted by its name", async () => {
    const { control } = bench.simulator
    const queue = (await control.queues())[0]?.id ?? ""
    await control.agents(queue, 5)
    const id = await make("Halted one", home, queue)
    const halt = (name: string) =>
      api("POST", "/v1/halt", {
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
    while ((await writes(id)) === 0) await pause(10)
    const holds = await api("GET", "/v1/halt")
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
    const refused = await api("POST", `/v1/campaigns/${id}/transitions`, start)
    assert.strictEqual(refused.status, 422, refused.text)
    assert.deepStrictEqual(
      refused.body.violations.map(({ guard }: { guard: string }) => guard),
      ["hold"]
    )
    const decision = await api("GET", `/v1/campaigns/${id}/decision?target=active`)
    assert.strictEqual(decision.body.outcome, "rejected")
    const started = await api("POST", "/v1/fleet", {
      body: { selector: { ids: [id] }, target: "active" }
    })
    assert.strictEqual((await over(started.body.id)).counts.rejected, 1)
    const path = `/v1/halt/${encodeURIComponent("night / shift")}`
    const lifted = await api("DELETE", `${path}?note=over`)
    assert.deepStrictEqual([lifted.status, lifted.body.holds[0].liftNote], [200, "over"])
    const again = await api("DELETE", path)
    assert.deepStrictEqual([again.status, again.body.code], [404, "HOLD_NOT_FOUND"])
    assert.deepStrictEqual((await api("GET", "/v1/halt")).body.holds, [])
    assert.lengthOf((await api("GET", "/v1/halt?lifted=true")).body.holds, 1)
    assert.strictEqual((await api("POST", `/v1/campaigns/${id}/transitions`, start)).status, 200)
    const kinds = (await api("GET", "/v1/audit?limit=500")).body.entries.map(
      ({ kind }: { kind: string }) => kind
    )
    assert.includeMembers(kinds, ["halt-raised", "halt-lifted"])
  })

  it("a bound caller changes, sees and steers what is its divisions' alone", async () => {
    const [mine, theirs] = [await make("Both mine"), await make("Both theirs", away)]
    const everybodys = await fleet("Nobody is called so")
    const selector = { namePattern: "Both *" }
    const planned = await api("POST", "/v1/fleet", {
      key: bound,
      body: { selector, ...PAUSE, dryRun: true }
    })
    assert.deepStrictEqual(
      planned.body.items.map(({ campaignId }: { campaignId: string }) => campaignId),
      [mine]
    )
    const own = await api("POST", "/v1/fleet", { key: bound, body: { selector, ...PAUSE } })
    assert.strictEqual((await over(own.body.id)).counts.applied, 1)
    assert.deepStrictEqual([await writes(mine), await writes(theirs)], [1, 0])
    const { body } = await api("GET", "/v1/operations?limit=200", { key: bound })
    const seen = body.operations.map(({ id }: { id: string }) => id)
    assert.include(seen, own.body.id)
    assert.notInclude(seen, everybodys.body.id)
    // What belongs to others answers as what is not there, to the letter.
    for (const [method, path] of [
      ["GET", ""],
      ["GET", "/items"],
      ["GET", "/events"],
      ["POST", "/pause"],
      ["POST", "/resume"],
      ["POST", "/cancel"]
    ] as const) {
      const texts = await Promise.all(
        [everybodys.body.id, NOBODY].map(async (id: string) => {
          const reply = await api(method, `/v1/operations/${id}${path}`, { key: bound })
          assert.strictEqual(reply.status, 404)
          return reply.text
            .replaceAll(id, "ID")
            .replace(/"requestId":"[^"]*","traceId":"[^"]*"/, "")
        })
      )
      assert.strictEqual(texts[0], texts[1])
    }
    const raise = (key: string, name: string) =>
      api("POST", "/v1/halt", {
        key,
        body: { name, selector, reason: "OTHER", proofDeadlineMs: 1_000 }
      })
    const halts = [await raise(right, "for all"), await raise(bound, "for home")]
    for (const { body } of halts) await over(body.id)
    const names = async (key: string) =>
      (await api("GET", "/v1/halt", { key })).body.holds.map(({ name }: { name: string }) => name)
    assert.deepStrictEqual(await names(bound), ["for home"])
    assert.sameMembers(await names(right), ["for all", "for home"])
    assert.strictEqual((await api("DELETE", "/v1/halt/for%20all", { key: bound })).status, 404)
    for (const name of ["for%20all", "for%20home"])
      assert.strictEqual((await api("DELETE", `/v1/halt/${name}`)).status, 200)
  })

  it("an override of a whole fleet needs the scope for it", async () => {
    const { text: key } = await bench.key({ name: "operator", scopes: ["campaigns:operate"] })
    const reply = await api("POST", "/v1/fleet", {
      key,
      body: {
        selector: { all: true },
        target: "active",
        override: [{ guard: "capacity", note: "drill" }],
        dryRun: true
      }
    })
    assert.deepStrictEqual([reply.status, reply.body.requiredScope], [403, "campaigns:override"])
  })

  it("one name of a caller's may come with several changes, and each is made", async () => {
    const id = await make("Named one")
    const ask = (target: string) =>
      api("POST", `/v1/campaigns/${id}/transitions`, {
        body: { target, reason: "OTHER" },
        headers: { "x-request-id": "nightly" }
      })
    assert.strictEqual((await ask("paused")).body.outcome, "applied")
    const completed = await ask("completed")
    assert.deepStrictEqual(
      [completed.body.outcome, completed.body.target],
      ["applied", "completed"]
    )
  })

  it("one process carries operations on: a second is told so, and ends with 2", async () => {
    let said = ""
    await bench.start().catch((error: unknown) => {
      said = String(error)
    })
    assert.match(said, /ended with 2/)
    assert.match(said, /let several share the work on PostgreSQL/)
    const { body } = await api("GET", "/v1/cluster")
    assert.deepStrictEqual([body.mode, body.runners.length, body.shardsFree], ["single", 1, 0])
  })

  it("SIGTERM in the middle of a fleet: it ends with 0, and the next start carries the fleet on", async () => {
    const ids = await makeFleet("Ended")
    await bench.simulator.control.fault({
      method: "PUT",
      kind: "latency",
      milliseconds: 100,
      when: "before",
      count: FLEET
    })
    const { body } = await fleet("Ended", { concurrency: 1 })
    while ((await writes(ids[0] ?? "")) === 0) await pause(10)
    assert.strictEqual(await service.end("SIGTERM"), 0)
    await bench.simulator.control.clearFaults()
    await start()
    const done = await over(body.id)
    assert.deepStrictEqual([done.status, done.counts.applied], ["succeeded", FLEET])
    for (const id of ids) assert.strictEqual(await writes(id), 1)
    assert.isTrue((await api("GET", "/v1/audit/verify")).body.intact)
  })
})
