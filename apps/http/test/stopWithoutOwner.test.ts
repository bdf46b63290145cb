import { setTimeout as delay } from "node:timers/promises"
import { type PostgresServer, startPostgres } from "@campaignctl/postgres-server"
import { afterAll, assert, beforeAll, it } from "vitest"
import { type Client, clientOf } from "./support/checked.ts"
import { Bench } from "./support/service.ts"

/** Longer than a lease: by then nobody owns any campaign. */
const AWAY_MS = 15_000

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

it("a stop is answered although no process can own its campaign, and is made once one can", async () => {
  const { body } = await api("GET", "/v1/campaigns?state=active")
  const [{ id }] = body.campaigns
  await postgres.pause()
  await delay(AWAY_MS)
  const { body: problem, status } = await api("POST", `/v1/campaigns/${id}/transitions`, {
    body: { target: "paused", reason: "OTHER" }
  })
  assert.deepStrictEqual(
    [status, problem.code, problem.changeMayHaveHappened],
    [503, "AUDIT_UNAVAILABLE", true]
  )
  assert.lengthOf(await bench.simulator.control.writes({ by: "api" }), 0)
  await postgres.resume()
  let writes
  do {
    await delay(500)
    writes = await bench.simulator.control.writes({ by: "api" })
  } while (writes.length === 0)
  assert.deepStrictEqual(
    writes.map(({ campaignId }) => campaignId),
    [id]
  )
})
