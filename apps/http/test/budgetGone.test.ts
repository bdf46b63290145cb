import { type PostgresServer, startPostgres } from "@campaignctl/postgres-server"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { type Client, clientOf } from "./support/checked.ts"
import { Bench } from "./support/service.ts"

describe("a service whose PostgreSQL is gone", () => {
  let postgres: PostgresServer
  let bench: Bench
  let api: Client

  beforeAll(async () => {
    postgres = await startPostgres()
    bench = await Bench.make("platform", {}, await postgres.newDatabase())
    // Without a key, which would be looked up in the same database first.
    api = await clientOf((await bench.start()).url)
  })
  afterAll(async () => {
    await bench[Symbol.asyncDispose]()
    await postgres.stop()
  })

  for (const { name, lose, find } of [
    {
      name: "down",
      lose: () => postgres.halt(),
      find: () => postgres.start()
    },
    {
      name: "there and does not answer",
      lose: () => postgres.pause(),
      find: () => postgres.resume()
    }
  ])
    it(`names what is gone, and asks Genesys for nothing, where it is ${name}; and goes on once it is back`, async () => {
      const { body } = await api("GET", "/v1/campaigns?state=active")
      const [{ id }] = body.campaigns
      const asked = async () => (await bench.simulator.control.requests()).length
      const before = await asked()
      await lose()
      const replies = await Promise.all([
        api("GET", "/v1/campaigns"),
        api("GET", `/v1/campaigns/${id}`)
      ])
      for (const { body: problem, headers, status } of replies) {
        assert.deepStrictEqual(
          [status, problem.code, headers.get("retry-after")],
          [503, "BUDGET_UNAVAILABLE", null]
        )
        assert.include(problem.detail, "database of the request budget")
      }
      assert.strictEqual(await asked(), before)
      await find()
      while ((await api("GET", "/v1/campaigns")).status !== 200) continue
    })
})
