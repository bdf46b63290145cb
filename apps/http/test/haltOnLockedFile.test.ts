import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "vitest"
import { clientOf } from "./support/checked.ts"
import { pause } from "./support/divided.ts"
import { Bench } from "./support/service.ts"

/** Milliseconds between two looks. */
const LOOK_MS = 100

describe("the panic stop while another program keeps the SQLite file locked", () => {
  it("stops whoever asks on this machine, and holds once the file can be written", async () => {
    await using bench = await Bench.make()
    const { control } = bench.simulator
    const { id } = await control.addCampaign({ name: "Halted", status: "on" })
    const service = await bench.start()
    const api = await clientOf(service.url)
    const other = new DatabaseSync(bench.ledgerFile)
    other.exec("BEGIN IMMEDIATE")
    const asked = await api("POST", "/v1/halt", {
      body: {
        name: "recall",
        selector: { ids: [id] },
        reason: "COMPLIANCE",
        proofDeadlineMs: 10_000
      },
      headers: { "idempotency-key": "red-button" }
    })
    assert.deepStrictEqual([asked.status, asked.body.durable], [202, false], asked.text)
    while ((await control.writes({ campaignId: id, by: "api" })).length === 0) await pause(LOOK_MS)
    // Reading needs no lock, and what nobody could write is not there.
    assert.deepStrictEqual((await api("GET", "/v1/halt")).body.holds, [])
    const path = `/v1/operations/${asked.body.id}`
    assert.deepInclude((await api("GET", path)).body, { over: false, durable: false })
    other.exec("ROLLBACK")
    other.close()
    while ((await api("GET", "/v1/halt")).body.holds.length === 0) await pause(LOOK_MS)
    while (!(await api("GET", path)).body.over) await pause(LOOK_MS)
    const entries = async (): Promise<ReadonlyArray<string>> =>
      (await api("GET", `/v1/audit?campaignId=${id}`)).body.entries.map(
        ({ kind }: { kind: string }) => kind
      )
    while (!(await entries()).includes("outcome")) await pause(LOOK_MS)
    assert.strictEqual((await api("GET", "/v1/audit/verify")).body.intact, true)
  })
})
