import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { Divided, FLEET, pause, PAUSE } from "./support/divided.ts"

/** Milliseconds for which Genesys keeps its answer back, so that the service can be killed meanwhile. */
const HELD_BACK_MS = 20_000

describe("fleets over HTTP", () => {
  let here: Divided

  beforeAll(async () => {
    here = await Divided.make()
  })
  afterAll(() => here[Symbol.asyncDispose]())

  it("one key makes one operation, however often it is sent, across kill -9", async () => {
    const ids = await here.campaigns("Keyed")
    await here.bench.simulator.control.fault({
      method: "PUT",
      campaignId: ids[0] ?? "",
      kind: "latency",
      milliseconds: HELD_BACK_MS,
      when: "after"
    })
    const key = { "idempotency-key": "fleet-1" }
    const first = await here.fleet("Keyed", { concurrency: 1 }, key)
    assert.strictEqual(first.status, 202, first.text)
    while ((await here.writes(ids[0] ?? "")) === 0) await pause(10)
    await here.service.end("SIGKILL")
    await here.bench.simulator.control.clearFaults()
    await here.restart()
    const again = await here.fleet("Keyed", { concurrency: 1 }, key)
    assert.deepStrictEqual([again.status, again.body.id], [202, first.body.id])
    assert.strictEqual(again.headers.get("idempotency-replayed"), "true")
    const other = await here.fleet("Keyed", { concurrency: 2 }, key)
    assert.deepStrictEqual([other.status, other.body.code], [422, "IDEMPOTENCY_KEY_REUSED"])
    const done = await here.over(first.body.id)
    assert.strictEqual(done.status, "succeeded", JSON.stringify(done))
    for (const id of ids) assert.strictEqual(await here.writes(id), 1)
    assert.isTrue((await here.api("GET", "/v1/audit/verify")).body.intact)
  })

  it("a fleet is planned page by page, counted, refused where it is another, and carried out", async () => {
    const ids = await here.campaigns("Counted")
    const paged: Array<string> = []
    for (let cursor = {}; ;) {
      const { body, status } = await here.fleet("Counted", { dryRun: true, limit: 5, ...cursor })
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
    const differs = await here.fleet("Counted", { expectedCampaigns: FLEET - 1 })
    assert.deepStrictEqual(
      [differs.status, differs.body.code, differs.body.selectedCampaigns],
      [409, "FLEET_DIFFERS", FLEET]
    )
    for (const id of ids) assert.strictEqual(await here.writes(id), 0)
    const done = await here.over(
      (await here.fleet("Counted", { expectedCampaigns: FLEET })).body.id
    )
    assert.deepStrictEqual([done.status, done.counts.applied], ["succeeded", FLEET])
    const [page, rest] = [
      await here.api("GET", `/v1/operations/${done.id}/items?limit=10`),
      await here.api("GET", `/v1/operations/${done.id}/items?limit=10&cursor=x`)
    ]
    assert.lengthOf(page.body.items, 10)
    assert.strictEqual(rest.status, 400)
    const last = await here.api(
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
      assert.strictEqual((await here.api("POST", "/v1/fleet", { body })).status, 400)
  })

  it("an operation is paused, resumed and cancelled; one that is over is not", async () => {
    const ids = await here.campaigns("Steered")
    await here.bench.simulator.control.fault({
      method: "PUT",
      kind: "latency",
      milliseconds: 300,
      when: "before",
      count: FLEET
    })
    const { body } = await here.fleet("Steered", { concurrency: 1 })
    const steer = (way: string) => here.api("POST", `/v1/operations/${body.id}/${way}`)
    while ((await here.writes(ids[0] ?? "")) === 0) await pause(10)
    assert.strictEqual((await steer("pause")).body.status, "paused")
    assert.strictEqual((await steer("resume")).body.status, "running")
    assert.isTrue((await steer("cancel")).body.cancelRequested)
    const done = await here.over(body.id)
    assert.strictEqual(done.status, "cancelled")
    assert.isAbove(done.counts.skipped, 0)
    assert.strictEqual(done.counts.applied + done.counts.skipped, FLEET)
    await here.bench.simulator.control.clearFaults()
    for (const way of ["pause", "resume", "cancel"]) {
      const refused = await steer(way)
      assert.deepStrictEqual(
        [refused.status, refused.body.code],
        [409, "OPERATION_NOT_CONTROLLABLE"]
      )
    }
  })

  it("operations are listed newest first, page by page, with filters", async () => {
    const all = (await here.api("GET", "/v1/operations?limit=200")).body.operations
    const ids: ReadonlyArray<string> = all.map(({ id }: { id: string }) => id)
    assert.isAbove(ids.length, 2)
    ids.forEach((id, at) => at > 0 && assert.isBelow(id.localeCompare(ids[at - 1] ?? ""), 0))
    const paged: Array<string> = []
    for (let cursor = ""; ;) {
      const { body } = await here.api("GET", `/v1/operations?limit=2${cursor}`)
      paged.push(...body.operations.map(({ id }: { id: string }) => id))
      if (body.nextCursor === null) break
      cursor = `&cursor=${body.nextCursor}`
    }
    assert.deepStrictEqual(paged, ids)
    const fleets = (await here.api("GET", "/v1/operations?kind=fleet&status=cancelled")).body
      .operations
    assert.lengthOf(fleets, 1)
    assert.strictEqual((await here.api("GET", "/v1/operations?cursor=x")).status, 400)
  })

  it("an override of a whole fleet needs the scope for it", async () => {
    const { text: key } = await here.bench.key({ name: "operator", scopes: ["campaigns:operate"] })
    const reply = await here.api("POST", "/v1/fleet", {
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

  it("SIGTERM in the middle of a fleet: it ends with 0, and the next start carries the fleet on", async () => {
    const ids = await here.campaigns("Ended")
    await here.bench.simulator.control.fault({
      method: "PUT",
      kind: "latency",
      milliseconds: 100,
      when: "before",
      count: FLEET
    })
    const { body } = await here.fleet("Ended", { concurrency: 1 })
    while ((await here.writes(ids[0] ?? "")) === 0) await pause(10)
    const { service } = here
    assert.strictEqual(await service.end("SIGTERM"), 0)
    assert.notInclude(service.said, '"level":"warn"')
    await here.bench.simulator.control.clearFaults()
    await here.restart()
    const done = await here.over(body.id)
    assert.deepStrictEqual([done.status, done.counts.applied], ["succeeded", FLEET])
    for (const id of ids) assert.strictEqual(await here.writes(id), 1)
    assert.isTrue((await here.api("GET", "/v1/audit/verify")).body.intact)
  })
})
