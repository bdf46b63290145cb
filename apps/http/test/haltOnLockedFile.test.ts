import { DatabaseSync } from "node:sqlite"
import { assert, describe, it } from "vitest"
import { clientOf } from "./support/checked.ts"
import { pause } from "./support/divided.ts"
import { Bench } from "./support/service.ts"

/** Milliseconds between two looks. */
const LOOK_MS = 100

describe("the panic stop while another program keeps the SQLite file locked", () => {
  it("stops whoever asks, and becomes a durable operation that holds once the file can be written", async () => {
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
        proofDeadlineMs: 6_000
      },
      headers: { "idempotency-key": "red-button" }
    })
    assert.deepStrictEqual([asked.status, asked.body.durable], [202, false], asked.text)
    while ((await control.writes({ campaignId: id, by: "api" })).length === 0) await pause(LOOK_MS)
    // It has its report, and waits for the file to hold.
    const path = `/v1/operations/${asked.body.id}`
    const now = async () => (await api("GET", path)).body
    while ((await now()).report === null) await pause(LOOK_MS)
    assert.deepInclude(await now(), { status: "running", over: false, durable: false })
    other.exec("ROLLBACK")
    other.close()
    // From then on the database has it, under the same id.
    while (!(await now()).durable || !(await now()).over) await pause(LOOK_MS)
    const { holds } = (await api("GET", "/v1/halt")).body
    assert.deepStrictEqual(
      holds.map(({ requestId }: { requestId: string }) => requestId),
      [asked.body.id]
    )
    const entries = async (): Promise<ReadonlyArray<string>> =>
      (await api("GET", `/v1/audit?campaignId=${id}`)).body.entries.map(
        ({ kind }: { kind: string }) => kind
      )
    while (!(await entries()).includes("outcome")) await pause(LOOK_MS)
    assert.strictEqual((await api("GET", "/v1/audit/verify")).body.intact, true)
  })
})
