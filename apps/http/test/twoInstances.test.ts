import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Client, clientOf } from "./support/checked.ts"
import { Bench, type Service } from "./support/service.ts"
import { untilShared } from "./support/shared.ts"

const AT_ONCE = 40
/** Milliseconds for which Genesys keeps its answer back, so that an instance can be killed meanwhile. */
const HELD_BACK_MS = 20_000
/** Campaigns that are being changed when an instance is killed: of so many it makes some itself, and the other makes some for it. */
const CHANGED = 6

describe("two instances on one PostgreSQL database", () => {
  let bench: Bench
  let services: ReadonlyArray<Service>
  let apis: ReadonlyArray<Client>
  let key: { readonly id: string; readonly text: string }
  const authorized = () => ({ authorization: `Bearer ${key.text}` })

  beforeAll(async () => {
    bench = await Bench.make("platform", {}, await freshDatabase())
    key = await bench.key({
      name: "robot",
      scopes: ["campaigns:read", "campaigns:operate", "admin"]
    })
    services = await Promise.all([bench.start(), bench.start()])
    apis = await Promise.all(services.map(({ url }) => clientOf(url)))
  })
  afterAll(() => bench[Symbol.asyncDispose]())

  const make = async (): Promise<string> => {
    const { id } = await bench.simulator.control.addCampaign({
      name: `Shared ${crypto.randomUUID()}`,
      status: "on"
    })
    return id
  }
  const ask = (instance: number, id: string, idempotencyKey: string) => {
    const api = apis[instance % apis.length]
    assert(api !== undefined)
    return api("POST", `/v1/campaigns/${id}/transitions`, {
      body: { target: "paused", reason: "OTHER" },
      headers: { ...authorized(), "idempotency-key": idempotencyKey }
    })
  }
  const writes = async (campaignId: string) =>
    (await bench.simulator.control.writes({ campaignId, by: "api" })).length

  it("requests with one key to either make one write, and one answer", async () => {
    const id = await make()
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, (_, instance) => ask(instance, id, "shared"))
    )
    const done = answers.filter(({ status }) => status === 200)
    assert.isAbove(done.length, 0)
    for (const { body, status } of answers)
      if (status !== 200)
        assert.deepStrictEqual([status, body.code], [409, "IDEMPOTENCY_IN_PROGRESS"])
    assert.strictEqual(await writes(id), 1)
    const [one, other] = [await ask(0, id, "shared"), await ask(1, id, "shared")]
    assert.deepStrictEqual([one.text, other.text], [done[0]?.text, done[0]?.text])
  })

  it("what one was killed at, the other finds and answers for, without doing it again", async () => {
    const [, left] = apis
    assert(left !== undefined)
    await untilShared(left, authorized())
    const ids = await Promise.all(Array.from({ length: CHANGED }, make))
    for (const campaignId of ids)
      await bench.simulator.control.fault({
        method: "PUT",
        campaignId,
        kind: "latency",
        milliseconds: HELD_BACK_MS,
        when: "after"
      })
    const lost = ids.map((id) =>
      ask(0, id, id).then(
        () => "answered",
        () => "lost"
      )
    )
    for (const id of ids)
      while ((await writes(id)) === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    for (const { status } of await Promise.all(ids.map((id) => ask(1, id, id))))
      assert.strictEqual(status, 409)
    await services[0]?.end("SIGKILL")
    assert.deepStrictEqual(new Set(await Promise.all(lost)), new Set(["lost"]))
    /** Where the one that is left made the change for it, there is no answer before it has recorded what came of it. */
    const found = async (id: string) => {
      let answer = await ask(1, id, id)
      while (answer.status !== 200) {
        assert.deepStrictEqual([answer.status, answer.body.code], [409, "IDEMPOTENCY_IN_PROGRESS"])
        await new Promise((resolve) => setTimeout(resolve, 250))
        answer = await ask(1, id, id)
      }
      return answer
    }
    for (const [index, { body }] of (await Promise.all(ids.map(found))).entries())
      assert.deepStrictEqual([body.campaignId, body.target], [ids[index], "paused"])
    for (const id of ids) assert.strictEqual(await writes(id), 1)
  })

  it("a key that is revoked is refused by whoever is left", async () => {
    const read = async () =>
      (await apis[1]?.("GET", "/v1/campaigns", { headers: authorized() }))?.status
    assert.strictEqual(await read(), 200)
    await bench.revoke(key.id)
    assert.strictEqual(await read(), 401)
  })
})
