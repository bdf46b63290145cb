import { setTimeout as delay } from "node:timers/promises"
import { assert, describe, it } from "vitest"
import type { SimulatorReady } from "@campaignctl/genesys-simulator"
import { checkHistory, entriesIn } from "../support/history.ts"
import { pausing } from "../support/pausing.ts"
import { randomFrom, testSeed } from "../support/random.ts"
import { type Database, databaseFile, startRunner } from "../support/runners.ts"
import { startSimulator } from "../support/simulator.ts"

const CAMPAIGNS = 1_000
const KILLS = 20
/** Milliseconds after which a runner is killed: some while they start, most while they work. */
const SHORTEST_LIFE_MS = 300
const LIVES_BEFORE_READY = 0.15
const LONGEST_WORK_MS = 300

const fleet = pausing({ namePattern: "Fleet *" }, { order: "name", concurrency: 10 })

describe("a fleet of 1,000 campaigns on SQLite", () => {
  it(`changes each exactly once, whose runner is killed ${KILLS} times`, async () => {
    await using simulator = await startSimulator()
    const ids = await simulator.addInvalid(CAMPAIGNS)
    await simulator.control.clearLogs()
    const seed = testSeed()
    const random = randomFrom(seed)
    const database: Database = { _tag: "Sqlite", file: databaseFile() }
    const task = { database, simulator: simulator.ready, submissions: [fleet] }
    let killed = 0
    for (; killed < KILLS; killed++) {
      await using runner = startRunner(task)
      if (random() < LIVES_BEFORE_READY) await delay(SHORTEST_LIFE_MS + random() * 1_000)
      else {
        await runner.says("Ready")
        await delay(random() * LONGEST_WORK_MS)
      }
      assert.isUndefined(runner.heard("Done"), "the fleet was over before it was killed enough")
      await runner.kill()
    }
    await using last = startRunner(task)
    const done = await last.says("Done")
    console.log(`fleet on SQLite: ${killed} kills, seed ${seed}`)

    assert.strictEqual(done?.verification._tag, "Intact")
    const over = last.heard("Over")?.operation
    assert.strictEqual(over?.status, "succeeded")
    assert.strictEqual((over?.counts.applied ?? 0) + (over?.counts.alreadyThere ?? 0), CAMPAIGNS)
    const writes = await simulator.control.writes({ by: "api" })
    const { entries, verification } = await entriesIn(database.file)
    assert.strictEqual(verification._tag, "Intact")
    checkHistory(writes, entries, ids)
  })

  it("costs little more than one request for each campaign", async () => {
    await using simulator = await startSimulator()
    await simulator.addInvalid(CAMPAIGNS)
    await simulator.control.clearLogs()
    const file = databaseFile()
    await using runner = startRunner(taskOf(file, simulator.ready))
    await runner.ended()
    assert.strictEqual(runner.heard("Over")?.operation.counts.applied, CAMPAIGNS)
    const requests = await simulator.control.requests()
    console.log(`fleet of ${CAMPAIGNS}: ${requests.length} requests, the token's included`)
    assert.isAtMost(requests.length, 1.05 * CAMPAIGNS)
  })
})

const taskOf = (file: string, simulator: SimulatorReady) => ({
  database: { _tag: "Sqlite", file } as const,
  simulator,
  submissions: [fleet]
})
