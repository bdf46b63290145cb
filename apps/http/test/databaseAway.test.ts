import { startPostgres } from "@campaignctl/postgres-server"
import { assert, describe, it } from "vitest"
import { clientOf } from "./support/checked.ts"
import { pause, PAUSE } from "./support/divided.ts"
import { Bench } from "./support/service.ts"

/** Milliseconds for which Genesys keeps its answer back: longer than the lease that the process loses meanwhile. */
const HELD_BACK_MS = 60_000

describe("a database that goes away in the middle of a change", () => {
  it("is told of, with that the change may have happened", async () => {
    const postgres = await startPostgres()
    try {
      await using bench = await Bench.make("platform", {}, await postgres.newDatabase())
      const { control } = bench.simulator
      const { url } = await bench.start()
      const api = await clientOf(url)
      const { id } = await control.addCampaign({ name: "Left in between", status: "on" })
      await control.fault({
        method: "PUT",
        campaignId: id,
        kind: "latency",
        milliseconds: HELD_BACK_MS,
        when: "after"
      })
      const asked = api("POST", `/v1/campaigns/${id}/transitions`, {
        body: PAUSE
      })
      while ((await control.writes({ campaignId: id, by: "api" })).length === 0) await pause(10)
      await postgres.halt("immediate")
      const { body, status } = await asked
      assert.deepStrictEqual(
        [status, body.code, body.changeMayHaveHappened],
        [503, "AUDIT_UNAVAILABLE", true]
      )
    } finally {
      await postgres.stop()
    }
  })
})
