import { setTimeout as delay } from "node:timers/promises"
import { assert, describe, it } from "vitest"
import { checkHistory, entriesIn } from "../support/history.ts"
import { pausing } from "../support/pausing.ts"
import { databaseFile, startRunner } from "../support/runners.ts"
import { addCampaign, type Simulator, startSimulator } from "../support/simulator.ts"

/** Turns some campaigns on, each with calls that last so many seconds. */
const calling = async ({ control }: Simulator, count: number, callSeconds: number) => {
  for (let index = 1; index <= count; index++) {
    const id = await addCampaign(control, {
      name: `Calling ${index}`,
      status: "off",
      dialingMode: "agentless"
    })
    await control.changeCampaign(id, { status: "on", outstandingCalls: 3, callSeconds })
  }
}

const draining = (drainDeadlineMs: number) =>
  pausing({ namePattern: "Calling *" }, { concurrency: 10, drainDeadlineMs })

describe("one process on SQLite", () => {
  it("goes on waiting for a drain after it was killed, with few requests", async () => {
    await using simulator = await startSimulator()
    await calling(simulator, 20, 20)
    const database = { _tag: "Sqlite", file: databaseFile() } as const
    const task = { database, simulator: simulator.ready, submissions: [draining(60_000)] }
    const changed = async () => (await simulator.control.writes({ by: "api" })).length
    // Killed in the middle of the changes, and in the middle of the wait.
    for (const least of [1, 20]) {
      await using runner = startRunner(task)
      await runner.says("Ready")
      while ((await changed()) < least) await delay(50)
      assert.isUndefined(runner.heard("Over"))
      await runner.kill()
    }
    const writes = await simulator.control.writes({ by: "api" })
    assert.lengthOf(writes, 20)
    await using last = startRunner(task)
    await last.says("Done")
    const over = last.heard("Over")?.operation
    assert.strictEqual(over?.status, "succeeded")
    assert.strictEqual(over?.counts.applied, 20)
    const ended = await simulator.control.writes({ via: "drain-end" })
    assert.lengthOf(
      ended.filter(({ campaignId }) => writes.some((write) => write.campaignId === campaignId)),
      20
    )
    assert.lengthOf(await simulator.control.writes({ by: "api" }), 20)
  })

  it("ends its wait at the deadline that was set before it was killed", async () => {
    await using simulator = await startSimulator()
    await calling(simulator, 3, 3_600)
    const database = { _tag: "Sqlite", file: databaseFile() } as const
    const task = { database, simulator: simulator.ready, submissions: [draining(4_000)] }
    {
      await using runner = startRunner(task)
      await runner.says("Ready")
      await delay(1_000)
      await runner.kill()
    }
    await using last = startRunner(task)
    await last.says("Done")
    const over = last.heard("Over")?.operation
    assert.strictEqual(over?.status, "succeeded")
    assert.strictEqual(over?.counts.applied, 3)
  })

  it("lets go on SIGTERM, and is followed without a change lost or made twice", async () => {
    await using simulator = await startSimulator()
    const ids = await simulator.addInvalid(200)
    await simulator.control.clearLogs()
    const file = databaseFile()
    const fleet = pausing({ namePattern: "Fleet *" }, { concurrency: 10, drainDeadlineMs: 60_000 })
    const task = {
      database: { _tag: "Sqlite", file } as const,
      simulator: simulator.ready,
      submissions: [fleet]
    }
    {
      await using runner = startRunner(task)
      await runner.says("Ready")
      await delay(150)
      runner.signal("SIGTERM")
      await Promise.race([runner.ended(), delay(20_000)])
      assert.isTrue(runner.hasEnded(), "it did not end")
      assert.isUndefined(runner.heard("Over"))
    }
    await using last = startRunner(task)
    await last.says("Done")
    assert.strictEqual(last.heard("Over")?.operation.status, "succeeded")
    const { entries, verification } = await entriesIn(file)
    assert.strictEqual(verification._tag, "Intact")
    checkHistory(await simulator.control.writes({ by: "api" }), entries, ids)
  })

  it("tells a second one plainly to use PostgreSQL, and is followed at once when it is killed", async () => {
    await using simulator = await startSimulator()
    const database = { _tag: "Sqlite", file: databaseFile() } as const
    const task = { database, simulator: simulator.ready, submissions: [], stays: true }
    await using first = startRunner(task)
    await first.says("Ready")
    await using second = startRunner(task)
    await second.ended()
    const failed = second.heard("Failed")
    assert.strictEqual(failed?.error, "EngineInUse")
    assert.include(failed?.message, database.file)
    assert.include(failed?.message, "postgres:")
    await first.kill()
    await using third = startRunner(task)
    assert.isDefined(await third.says("Ready"))
  })
})
