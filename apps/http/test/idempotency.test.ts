import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Client, clientOf } from "./support/checked.ts"
import { Bench, type Contract, type Service } from "./support/service.ts"

const PLACES: ReadonlyArray<readonly [Contract, database: "SQLite" | "PostgreSQL"]> = [
  ["platform", "SQLite"],
  ["etag", "SQLite"],
  ["platform", "PostgreSQL"]
]
const PAUSE = { target: "paused", reason: "OTHER" }
const AT_ONCE = 100
/** Milliseconds for which Genesys keeps its answer back, so that the service can be killed meanwhile. */
const HELD_BACK_MS = 20_000

describe.each(PLACES)("Idempotency-Key, over the %s contract, on %s", (contract, database) => {
  let bench: Bench
  let service: Service
  let api: Client
  const change = contract === "platform" ? "PUT" : "PATCH"

  const make = async (): Promise<string> => {
    const { id } = await bench.simulator.control.addCampaign({
      name: `Once ${crypto.randomUUID()}`,
      status: "on"
    })
    return id
  }
  const ask = (
    id: string,
    key: string,
    body: object = PAUSE,
    headers: Record<string, string> = {}
  ) =>
    api("POST", `/v1/campaigns/${id}/transitions`, {
      body,
      headers: { "idempotency-key": key, ...headers }
    })
  const writes = async (campaignId: string) =>
    (await bench.simulator.control.writes({ campaignId, by: "api" })).length

  beforeAll(async () => {
    const url = database === "PostgreSQL" ? await freshDatabase() : undefined
    bench = await Bench.make(contract, {}, url)
    service = await bench.start()
    api = await clientOf(service.url)
  })
  afterAll(() => bench[Symbol.asyncDispose]())

  it(`${AT_ONCE} simultaneous requests with one key make one write`, async () => {
    const id = await make()
    const again = await Promise.all(Array.from({ length: AT_ONCE }, () => ask(id, "all-at-once")))
    const done = again.filter(({ status }) => status === 200)
    assert.isAbove(done.length, 0)
    for (const { body, status } of again)
      if (status !== 200)
        assert.deepStrictEqual([status, body.code], [409, "IDEMPOTENCY_IN_PROGRESS"])
    assert.strictEqual(new Set(done.map(({ text }) => text)).size, 1)
    assert.strictEqual(await writes(id), 1)
    const later = await ask(id, "all-at-once")
    assert.deepStrictEqual(
      [later.text, later.headers.get("idempotency-replayed"), later.headers.get("etag")],
      [done[0]?.text, "true", done[0]?.headers.get("etag") ?? null]
    )
  })

  it("a key that is no key is refused", async () => {
    const id = await make()
    for (const key of ["with a blank", "x".repeat(256)])
      assert.strictEqual((await ask(id, key)).status, 400)
    assert.strictEqual(await writes(id), 0)
  })

  it("the same key with another body, another campaign or another condition is refused", async () => {
    const [id, other] = [await make(), await make()]
    assert.strictEqual((await ask(id, "mine")).status, 200)
    const others = [
      await ask(id, "mine", { ...PAUSE, note: "another" }),
      await ask(other, "mine"),
      await ask(id, "mine", PAUSE, { "if-match": '"1"' })
    ]
    for (const { body, status } of others)
      assert.deepStrictEqual([status, body.code], [422, "IDEMPOTENCY_KEY_REUSED"])
    assert.strictEqual(await writes(other), 0)
  })

  it("repeats a refusal too, and survives a restart", async () => {
    const id = await make()
    const refused = await ask(id, "refused", { target: "paused" })
    assert.strictEqual(refused.status, 422)
    const done = await ask(id, "kept")
    assert.strictEqual(await service.end(), 0)
    service = await bench.start()
    api = await clientOf(service.url)
    assert.strictEqual((await ask(id, "refused", { target: "paused" })).text, refused.text)
    assert.strictEqual((await ask(id, "kept")).text, done.text)
    assert.strictEqual(await writes(id), 1)
  })

  it("killed between Genesys' write and our answer: the same key again finds what was done", async () => {
    const id = await make()
    await bench.simulator.control.fault({
      method: change,
      campaignId: id,
      kind: "latency",
      milliseconds: HELD_BACK_MS,
      when: "after"
    })
    const lost = ask(id, "killed").then(
      () => "answered",
      () => "lost"
    )
    while ((await writes(id)) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    await service.end("SIGKILL")
    assert.strictEqual(await lost, "lost")
    service = await bench.start()
    api = await clientOf(service.url)
    const again = await ask(id, "killed")
    assert.deepStrictEqual(
      [again.status, again.body.outcome, again.body.campaignId, again.body.target],
      [200, "applied", id, "paused"],
      again.text
    )
    assert.strictEqual(await writes(id), 1)
    assert.strictEqual((await ask(id, "killed")).text, again.text)
    assert.strictEqual((await api("GET", "/v1/audit/verify")).body.intact, true)
  })

  it("killed before the write left: the same key again makes it, once", async () => {
    const id = await make()
    await bench.simulator.control.fault({
      method: change,
      campaignId: id,
      kind: "latency",
      milliseconds: HELD_BACK_MS,
      when: "before"
    })
    const lost = ask(id, "early").then(
      () => "answered",
      () => "lost"
    )
    const intent = async () =>
      (await api("GET", `/v1/audit?campaignId=${id}`)).body.entries.length > 0
    while (!(await intent())) await new Promise((resolve) => setTimeout(resolve, 10))
    await service.end("SIGKILL")
    assert.strictEqual(await lost, "lost")
    service = await bench.start()
    api = await clientOf(service.url)
    const again = await ask(id, "early")
    assert.deepStrictEqual([again.status, again.body.outcome], [200, "applied"], again.text)
    assert.strictEqual(await writes(id), 1)
  })

  it("a key is free again where nothing was done and asking again is the advice", async () => {
    const id = await make()
    await bench.simulator.control.fault({
      campaignId: id,
      method: "GET",
      kind: "malformedJson",
      count: "always"
    })
    assert.strictEqual((await ask(id, "later")).status, 502)
    await bench.simulator.control.clearFaults()
    assert.strictEqual((await ask(id, "later")).status, 200)
  })
})
