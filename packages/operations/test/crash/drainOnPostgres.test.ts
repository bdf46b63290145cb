import { setTimeout as delay } from "node:timers/promises"
import { startPostgres } from "@campaignctl/postgres-server"
import { assert, it } from "vitest"
import { pausing } from "../support/pausing.ts"
import { freePorts } from "../support/ports.ts"
import { startRunner } from "../support/runners.ts"
import { addCampaign, startSimulator } from "../support/simulator.ts"

const RUNNERS = 3
const CAMPAIGNS = 20
/** Seconds that calls last: longer than all kills below take. */
const CALL_SECONDS = 40
/** Milliseconds from one kill to the next, and for which PostgreSQL is stopped between two. */
const KILL_EVERY_MS = 5_000
const STOPPED_MS = 2_000

it("a drain is waited for on three runners, each killed once while PostgreSQL stalls, and changes nothing twice", async () => {
  const postgres = await startPostgres()
  try {
    const url = await postgres.newDatabase()
    await using simulator = await startSimulator()
    const { control } = simulator
    for (let index = 1; index <= CAMPAIGNS; index++) {
      const name = `Calling ${index}`
      const id = await addCampaign(control, { name, status: "off", dialingMode: "agentless" })
      await control.changeCampaign(id, {
        status: "on",
        outstandingCalls: 3,
        callSeconds: CALL_SECONDS
      })
    }
    const ports = await freePorts(RUNNERS)
    const fleet = pausing(
      { namePattern: "Calling *" },
      { concurrency: 10, drainDeadlineMs: 300_000 }
    )
    const start = (port: number) =>
      startRunner({
        database: { _tag: "Postgres", url, port },
        simulator: simulator.ready,
        submissions: [fleet],
        stays: true
      })
    const runners = ports.map(start)
    const changed = () => control.writes({ by: "api" })
    while ((await changed()).length < CAMPAIGNS) await delay(50)
    for (const [place, port] of ports.entries()) {
      await delay(KILL_EVERY_MS - STOPPED_MS)
      await runners[place]?.kill()
      runners[place] = start(port)
      await postgres.pause()
      await delay(STOPPED_MS)
      await postgres.resume()
    }
    assert.isTrue(runners.every((runner) => runner.heard("Over") === undefined))
    assert.lengthOf(await control.writes({ via: "drain-end" }), 0)

    let done
    while (done === undefined) {
      await delay(100)
      done = runners.find((runner) => runner.heard("Done") !== undefined)
    }
    const over = done.heard("Over")?.operation
    await Promise.all(runners.map((runner) => runner.kill()))
    assert.deepStrictEqual([over?.status, over?.counts.applied], ["succeeded", CAMPAIGNS])
    assert.strictEqual(done.heard("Done")?.verification._tag, "Intact")
    assert.lengthOf(await changed(), CAMPAIGNS)
    assert.lengthOf(await control.writes({ via: "drain-end" }), CAMPAIGNS)
  } finally {
    await postgres.stop()
  }
})
