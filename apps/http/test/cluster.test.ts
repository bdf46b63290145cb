import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Client, clientOf, type Reply } from "./support/checked.ts"
import { Bench, type Service } from "./support/service.ts"
import { untilShared } from "./support/shared.ts"

const PAUSE = { target: "paused", reason: "OTHER" }
const FLEET = 16
/** Milliseconds that each write takes, so that a fleet can be met in its middle. */
const WRITE_MS = 50

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe("operations of two services on one PostgreSQL database", () => {
  let bench: Bench
  let services: ReadonlyArray<Service>
  let one: Client
  let other: Client

  const writes = async (campaignId: string): Promise<number> =>
    (await bench.simulator.control.writes({ campaignId, by: "api" })).length
  const make = async (name: string): Promise<string> =>
    (await bench.simulator.control.addCampaign({ name, status: "on" })).id
  const makeFleet = (name: string): Promise<ReadonlyArray<string>> =>
    Promise.all(Array.from({ length: FLEET }, (_, n) => make(`${name} ${n}`)))
  const fleet = (api: Client, name: string): Promise<Reply> =>
    api("POST", "/v1/fleet", {
      body: { selector: { namePattern: `${name} *` }, ...PAUSE, concurrency: 2 }
    })
  const over = async (api: Client, id: string): Promise<Reply["body"]> => {
    while (true) {
      const { body } = await api("GET", `/v1/operations/${id}`)
      if (body.over) return body
      await pause(50)
    }
  }
  const slow = () =>
    bench.simulator.control.fault({
      method: "PUT",
      kind: "latency",
      milliseconds: WRITE_MS,
      when: "before",
      count: "always"
    })

  beforeAll(async () => {
    bench = await Bench.make("platform", {}, await freshDatabase())
    services = await Promise.all([bench.start(), bench.start()])
    const [first, second] = services
    assert(first !== undefined && second !== undefined)
    one = await clientOf(first.url)
    other = await clientOf(second.url)
  })
  afterAll(() => bench[Symbol.asyncDispose]())

  it("both are there, and hold all of the work between them", async () => {
    await untilShared(one)
    const self = async (api: Client): Promise<string> =>
      (await api("GET", "/v1/cluster")).body.runners.find(({ self }: { self: boolean }) => self)
        .address
    assert.notStrictEqual(await self(one), await self(other))
  })

  it("what one was asked the other shows, steers and ends", async () => {
    const ids = await makeFleet("Shared")
    await slow()
    const { body } = await fleet(one, "Shared")
    while ((await other("GET", `/v1/operations/${body.id}`)).body.counts.applied === 0)
      await pause(10)
    assert.strictEqual((await other("POST", `/v1/operations/${body.id}/cancel`)).status, 200)
    const done = await over(one, body.id)
    assert.strictEqual(done.status, "cancelled")
    assert.isAbove(done.counts.skipped, 0)
    const items = await other("GET", `/v1/operations/${body.id}/items?status=applied`)
    assert.lengthOf(items.body.items, done.counts.applied)
    let written = 0
    for (const id of ids) written += await writes(id)
    assert.strictEqual(written, done.counts.applied)
    await bench.simulator.control.clearFaults()
  })

  it("one name of a caller's may come with several changes, and each is made", async () => {
    const id = await make("Named one")
    const ask = (api: Client, target: string) =>
      api("POST", `/v1/campaigns/${id}/transitions`, {
        body: { target, reason: "OTHER" },
        headers: { "x-request-id": "nightly" }
      })
    const paused = await ask(one, "paused")
    assert.deepStrictEqual([paused.body.outcome, paused.body.target], ["applied", "paused"])
    const archived = await ask(other, "archived")
    assert.deepStrictEqual([archived.body.outcome, archived.body.target], ["applied", "archived"])
    assert.notInclude(archived.text, "from the ledger")
  })

  it("what one holds the other does not start", async () => {
    const id = await make("Held one")
    const { body } = await one("POST", "/v1/halt", {
      body: { name: "shared", selector: { ids: [id] }, reason: "OTHER", proofDeadlineMs: 1_000 }
    })
    await over(other, body.id)
    await bench.simulator.control.changeCampaign(id, { status: "off" })
    const start = () =>
      other("POST", `/v1/campaigns/${id}/transitions`, {
        body: {
          target: "active",
          override: [{ guard: "capacity", note: "drill" }]
        }
      })
    assert.strictEqual((await start()).status, 422)
    assert.strictEqual((await other("DELETE", "/v1/halt/shared")).status, 200)
    assert.strictEqual((await start()).body.outcome, "applied")
  })

  it("what PostgreSQL cannot keep, nor compare with, is malformed", async () => {
    const id = await make("Odd one")
    const selector = { ids: [id] }
    const asked = [
      one("GET", "/v1/operations?schedule=%00"),
      one("GET", "/v1/audit?requestedBy=%00"),
      one("GET", "/v1/schedules/a%00"),
      one("DELETE", "/v1/halt/a%00"),
      one("DELETE", "/v1/halt/a?note=b%00"),
      one("POST", `/v1/campaigns/${id}/transitions`, { body: { ...PAUSE, note: "a\0" } }),
      one("POST", "/v1/fleet", { body: { ...PAUSE, selector, note: "a\0" } }),
      one("POST", "/v1/halt", { body: { name: "a\0", reason: "OTHER", selector } })
    ]
    for (const { status, text } of await Promise.all(asked)) assert.strictEqual(status, 400, text)
    assert.strictEqual(await writes(id), 0)
  })

  it("what one was killed at the other carries on, each campaign once", async () => {
    const ids = await makeFleet("Killed")
    await slow()
    const fleets = await Promise.all([fleet(one, "Killed"), fleet(other, "Nobody is called so")])
    const id = fleets[0].body.id
    const applied = async () => (await other("GET", `/v1/operations/${id}`)).body.counts.applied
    while ((await applied()) === 0) await pause(10)
    await services[0]?.end("SIGKILL")
    const done = await over(other, id)
    assert.deepStrictEqual([done.status, done.counts.applied], ["succeeded", FLEET])
    for (const campaignId of ids) assert.strictEqual(await writes(campaignId), 1, campaignId)
    assert.isTrue((await other("GET", "/v1/audit/verify")).body.intact)
  })

  it("SIGTERM ends with 0", async () => {
    assert.strictEqual(await services[1]?.end("SIGTERM"), 0)
  })
})
