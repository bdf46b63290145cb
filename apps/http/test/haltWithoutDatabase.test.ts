import type { PostgresServer } from "@campaignctl/postgres-server"
import { assert, describe, it } from "vitest"
import { Away } from "./support/Away.ts"

/** How the database is taken away, and given back. */
const TROUBLES = [
  {
    trouble: "stands still and gives no answer",
    away: (server: PostgresServer) => server.pause(),
    back: (server: PostgresServer) => server.resume()
  },
  {
    trouble: "is down",
    away: (server: PostgresServer) => server.halt("immediate"),
    back: (server: PostgresServer) => server.start()
  }
] as const

/** Milliseconds that Genesys takes for a stop, so that there are some under way when the service is told to end. */
const STOP_MS = 1_500

// They wait for most of their time, each for a server of its own.
describe.concurrent("the panic stop while PostgreSQL", () => {
  it.each(TROUBLES)(
    "$trouble stops, and holds and is told as soon as there is a database",
    async ({ away, back }) => {
      await using here = await Away.make()
      const { api, elsewhere, home, keys, postgres } = here
      await away(postgres)

      // Bound to one division it stops that, and no more.
      const bound = await here.halt({ key: keys.bound })
      assert.deepStrictEqual([bound.status, bound.body.durable], [202, false], bound.text)
      await here.untilStopped(elsewhere)
      for (const id of home) assert.strictEqual(await here.stops(id), 0)

      const asked = await here.halt({ idempotencyKey: "red-button" })
      assert.deepStrictEqual(
        [asked.status, asked.body.kind, asked.body.status, asked.body.durable],
        [202, "halt", "running", false],
        asked.text
      )
      assert.include(asked.body.detail, "not durable")
      assert.notStrictEqual(asked.body.id, bound.body.id)
      await here.untilStopped(home)

      // Whoever asks again is told how far it is, and begins no second one.
      const again = await here.halt({ idempotencyKey: "red-button" })
      assert.deepStrictEqual(
        [again.body.id, again.headers.get("idempotency-replayed")],
        [asked.body.id, "true"]
      )
      assert.strictEqual((await here.halt()).body.id, asked.body.id)
      // A key that was not seen may not even do that, and one that was may do nothing else.
      const unseen = await here.halt({ key: keys.unseen })
      assert.deepStrictEqual([unseen.status, unseen.body.code], [503, "AUDIT_UNAVAILABLE"])

      await back(postgres)
      const held = await here.until("/v1/halt", ({ body }) => body.holds.length === 2)
      assert.sameMembers(
        held.body.holds.map(({ requestId }: { requestId: string }) => requestId),
        [asked.body.id, bound.body.id]
      )
      const start = await api("POST", `/v1/campaigns/${home[0]}/transitions`, {
        body: { target: "active", override: [{ guard: "capacity", note: "try" }] }
      })
      assert.strictEqual(start.status, 422, start.text)
      assert.include(
        start.body.violations.map(({ guard }: { guard: string }) => guard),
        "hold"
      )
      const over = await here.until(`/v1/operations/${asked.body.id}`, ({ body }) => body.over)
      assert.deepStrictEqual(
        [over.body.status, over.body.durable, over.body.report.proven, over.body.report.holding],
        ["succeeded", false, true, true],
        over.text
      )
      await here.toldOnce([...home, ...elsewhere])
    }
  )

  it("is down is not cut short by a shutdown, and the next start tells the ledger", async () => {
    await using here = await Away.make()
    const { bench, elsewhere, home, postgres } = here
    await bench.simulator.control.fault({
      kind: "latency",
      method: "POST",
      milliseconds: STOP_MS,
      count: "always"
    })
    await postgres.halt("immediate")
    const asked = await here.halt({ proofDeadlineMs: 12_000 })
    assert.deepStrictEqual([asked.status, asked.body.durable], [202, false], asked.text)
    const first = here.service
    const ended = first.end("SIGTERM")
    const code = await ended
    for (const id of [...home, ...elsewhere]) assert.strictEqual(await here.stops(id), 1)
    assert.include(first.said, "which was begun without the database, has its report")
    assert.strictEqual(code, 0, first.said)
    await postgres.start()
    await here.restart()
    await here.toldOnce([...home, ...elsewhere])
  })
})
