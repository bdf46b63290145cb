import { setTimeout as delay } from "node:timers/promises"
import { layerSqliteClient } from "@campaignctl/ledger-sql"
import { layerPostgresClient } from "@campaignctl/ledger-sql/postgres"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Effect, Layer, ManagedRuntime, Redacted } from "effect"
import type { SqlClient } from "effect/sql"
import { assert, describe, it } from "vitest"
import { OperationStore } from "../../src/database/OperationStore.ts"
import { layerSchedules, Schedules } from "../../src/index.ts"
import { withLedger } from "../support/databases.ts"
import { freePorts } from "../support/ports.ts"
import { databaseFile, type Database, startRunner } from "../support/runners.ts"
import { addCampaign, startSimulator } from "../support/simulator.ts"

const SECOND_MS = 1_000

/** A process that adds a schedule and looks at it, and has no engine. */
const keeperOn = (database: Layer.Layer<SqlClient.SqlClient>) =>
  ManagedRuntime.make(
    Layer.merge(layerSchedules(), OperationStore.layer).pipe(
      Layer.provide(withLedger(database)),
      Layer.orDie
    )
  )

type Keeper = ReturnType<typeof keeperOn>

/** A stop at so many seconds, one after the other, the first in two seconds. */
const addStop = async (keeper: Keeper, seconds: number): Promise<ReadonlyArray<string>> => {
  const first = (Math.floor(Date.now() / SECOND_MS) + 2) * SECOND_MS
  const at = Array.from({ length: seconds }, (_, index) =>
    new Date(first + index * SECOND_MS).toISOString()
  )
  const draft = {
    name: "stop",
    when: { at },
    selector: { namePattern: "Scheduled" },
    change: { target: "paused", pauseReason: "OTHER" }
  }
  await keeper.runPromise(
    Schedules.use(({ add }) => add({ draft, requestedBy: "ada", source: "library" }))
  )
  return at
}

/** Waits until the schedule's last firing is settled and its operation is over. */
const settled = async (keeper: Keeper, last: string | undefined): Promise<void> => {
  const over = Effect.gen(function* () {
    const { lastFiring } = yield* Schedules.use(({ get }) => get("stop"))
    if (lastFiring?.dueAt !== last || lastFiring?.operationId === null) return false
    const store = yield* OperationStore
    const open = yield* store.list({ statuses: ["pending", "running", "paused"] })
    return open.length === 0
  })
  while (!(await keeper.runPromise(over))) await delay(200)
}

/** Every instant was fired or skipped, each that was fired is one operation, and the last one was fired. */
const check = async (keeper: Keeper, due: ReadonlyArray<string>): Promise<void> => {
  const { firings, operations } = await keeper.runPromise(
    Effect.gen(function* () {
      const store = yield* OperationStore
      return {
        firings: yield* Schedules.use((schedules) => schedules.firings("stop", 100)),
        operations: yield* store.list({})
      }
    })
  )
  const fired = firings.filter(({ result }) => result === "fired")
  assert.sameMembers(
    fired.map(({ operationId }) => operationId),
    operations.map(({ id }) => id)
  )
  assert.strictEqual(fired[0]?.dueAt, due.at(-1))
  const skipped = firings
    .filter(({ result }) => result === "skipped")
    .map(({ detail }) => 1 + Number(/So were (\d+) before it/.exec(detail ?? "")?.[1] ?? 0))
  assert.strictEqual(
    fired.length + skipped.reduce((sum, count) => sum + count, 0),
    due.length,
    "an instant is not accounted for"
  )
  assert.deepStrictEqual(
    operations.filter(({ status }) => status !== "succeeded").map(({ detail }) => detail),
    []
  )
}

describe("a schedule", () => {
  it("is fired through kills of its process, each instant once, and the last made up", async () => {
    await using simulator = await startSimulator()
    await addCampaign(simulator.control, {
      name: "Scheduled",
      status: "on",
      dialingMode: "agentless"
    })
    const file = databaseFile()
    const task = {
      database: { _tag: "Sqlite", file } as const,
      simulator: simulator.ready,
      submissions: [],
      stays: true
    }
    const keeper = keeperOn(Layer.orDie(layerSqliteClient({ filename: file })))
    const due = await addStop(keeper, 7)
    for (const lifeMs of [1_600, 500, 900]) {
      await using runner = startRunner(task)
      await runner.says("Ready")
      await delay(lifeMs)
      await runner.kill()
    }
    // Nobody is there when the last of them is due.
    while (Date.now() <= Date.parse(due.at(-1) ?? "")) await delay(100)
    await using last = startRunner(task)
    await last.says("Ready")
    await settled(keeper, due.at(-1))
    await check(keeper, due)
    assert.lengthOf(await simulator.control.writes({ by: "api" }), 1)
    await keeper.dispose()
  })

  it("is fired once by two processes on PostgreSQL, and by the other when one is killed", async () => {
    await using simulator = await startSimulator()
    await addCampaign(simulator.control, {
      name: "Scheduled",
      status: "on",
      dialingMode: "agentless"
    })
    const url = await freshDatabase()
    const keeper = keeperOn(Layer.orDie(layerPostgresClient({ url: Redacted.make(url) })))
    const ports = await freePorts(2)
    const startOn = (port: number) =>
      startRunner({
        database: { _tag: "Postgres", url, port } satisfies Database,
        simulator: simulator.ready,
        submissions: [],
        stays: true
      })
    await using one = startOn(ports[0] ?? 0)
    await using other = startOn(ports[1] ?? 0)
    await Promise.all([one.says("Ready"), other.says("Ready")])
    const due = await addStop(keeper, 6)
    await delay(3_000)
    await one.kill()
    await settled(keeper, due.at(-1))
    await check(keeper, due)
    assert.lengthOf(await simulator.control.writes({ by: "api" }), 1)
    await keeper.dispose()
  })
})
