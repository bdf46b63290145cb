import { setTimeout as delay } from "node:timers/promises"
import { startPostgres } from "@campaignctl/postgres-server"
import { assert, describe, inject, it } from "vitest"
import { checkHistory, entriesAt } from "../support/history.ts"
import { pausing } from "../support/pausing.ts"
import { freePorts } from "../support/ports.ts"
import { randomFrom, testSeed } from "../support/random.ts"
import { startRunner, type StartedRunner } from "../support/runners.ts"
import { startSimulator } from "../support/simulator.ts"

const CAMPAIGNS = 1_000
const RUNNERS = 3
const IS_LONG = inject("scale") > 1
/** Kills at least, and how slowly the fleet goes for as many to find it under way. */
const KILLS = IS_LONG ? 20 : 3
const CONCURRENCY = IS_LONG ? 10 : 20
const WRITE_MS = IS_LONG ? 800 : 300
/** Milliseconds between kills, and between pauses of PostgreSQL; and how long it is paused at most. */
const KILL_EVERY_MS = [2_000, 5_000] as const
const PAUSE_EVERY_MS = [5_000, 10_000] as const
const LONGEST_PAUSE_MS = 2_000

/** Longer than a lease, in milliseconds, so that another runner has taken over. */
const STALL_MS = 9_000
const STALLED_CAMPAIGNS = 200

const fleet = pausing({ namePattern: "Fleet *" }, { concurrency: 50 })

describe("a fleet of 1,000 campaigns on three runners over PostgreSQL", () => {
  it("changes each exactly once, whoever is killed and however often the database stalls", async () => {
    const postgres = await startPostgres()
    try {
      const url = await postgres.newDatabase()
      await using simulator = await startSimulator()
      const ids = await simulator.addInvalid(CAMPAIGNS)
      await simulator.control.clearLogs()
      await simulator.control.fault({
        kind: "latency",
        method: "PUT",
        milliseconds: WRITE_MS,
        count: "always"
      })
      const slowly = pausing({ namePattern: "Fleet *" }, { concurrency: CONCURRENCY })
      const seed = testSeed()
      const random = randomFrom(seed)
      const between = ([least, most]: readonly [number, number]) =>
        least + random() * (most - least)
      const ports = await freePorts(RUNNERS)
      const start = (port: number) =>
        startRunner({
          database: { _tag: "Postgres", url, port },
          simulator: simulator.ready,
          submissions: [slowly],
          stays: true
        })
      const runners: Array<StartedRunner> = ports.map(start)
      let over = false
      let kills = 0
      let pauses = 0
      const killing = (async () => {
        while (!over) {
          await delay(between(KILL_EVERY_MS))
          if (over) return
          const at = Math.floor(random() * RUNNERS)
          await runners[at]?.kill()
          kills += 1
          runners[at] = start(ports[at] ?? 0)
        }
      })()
      const stalling = (async () => {
        while (!over) {
          await delay(between(PAUSE_EVERY_MS))
          if (over) return
          await postgres.pause()
          await delay(random() * LONGEST_PAUSE_MS)
          await postgres.resume()
          pauses += 1
        }
      })()
      let done
      while (done === undefined) {
        await delay(100)
        done = runners.find((runner) => runner.heard("Done") !== undefined)
      }
      over = true
      await Promise.all([killing, stalling])
      console.log(`fleet on PostgreSQL: ${kills} kills, ${pauses} pauses, seed ${seed}`)
      const operation = done.heard("Over")?.operation
      await Promise.all(runners.map((runner) => runner.kill()))

      assert.isAtLeast(kills, KILLS, "the fleet was over before enough were killed")
      assert.strictEqual(operation?.status, "succeeded", JSON.stringify(operation?.counts))
      const writes = await simulator.control.writes({ by: "api" })
      const { entries, verification } = await entriesAt(url)
      assert.strictEqual(verification._tag, "Intact")
      checkHistory(writes, entries, ids)
      console.log((await simulator.control.requests()).length, "requests")
    } finally {
      await postgres.stop()
    }
  })

  it("is unharmed by a runner that freezes for longer than its lease, and comes back", async () => {
    const postgres = await startPostgres()
    try {
      const url = await postgres.newDatabase()
      await using simulator = await startSimulator()
      const ids = await simulator.addInvalid(STALLED_CAMPAIGNS)
      await simulator.control.clearLogs()
      // Each change takes a while, so that the stall finds some under way.
      await simulator.control.fault({
        kind: "latency",
        method: "PUT",
        milliseconds: 100,
        count: "always"
      })
      const [one = 0, two = 0] = await freePorts(2)
      const task = { simulator: simulator.ready, submissions: [fleet], stays: true }
      await using first = startRunner({ ...task, database: { _tag: "Postgres", url, port: one } })
      await first.says("Ready")
      await using second = startRunner({ ...task, database: { _tag: "Postgres", url, port: two } })
      await second.says("Ready")
      await delay(1_000)
      first.signal("SIGSTOP")
      await delay(STALL_MS)
      first.signal("SIGCONT")
      await second.says("Done")
      assert.strictEqual(second.heard("Over")?.operation.status, "succeeded")
      // Whatever it had decided on before it stalled, it has sent by now.
      await delay(2_000)
      const writes = await simulator.control.writes({ by: "api" })
      const { entries, verification } = await entriesAt(url)
      assert.strictEqual(verification._tag, "Intact")
      checkHistory(writes, entries, ids)
    } finally {
      await postgres.stop()
    }
  })
})
