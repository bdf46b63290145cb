import { setTimeout as delay } from "node:timers/promises"
import { CampaignId } from "@campaignctl/core"
import { expect, it } from "vitest"
import { OperationId, type Submission } from "../../src/index.ts"
import { entriesIn } from "../support/history.ts"
import { randomFrom, testSeed } from "../support/random.ts"
import { databaseFile, startRunner } from "../support/runners.ts"
import { startSimulator } from "../support/simulator.ts"

const ACTIVE = 200
const KILLS = 2
/** Milliseconds after which a runner is killed at the latest: about the time that all stops take. */
const LONGEST_WORK_MS = 1_200

const halt: Submission = {
  id: OperationId.make("0198a7d2-0000-7000-8000-000000000001"),
  spec: {
    _tag: "Halt",
    name: "Recall",
    selector: { namePattern: "Halt *" },
    pauseReason: "COMPLIANCE",
    proofDeadlineMs: 120_000
  },
  requestedBy: "ada",
  source: "library"
}

it(`a halt whose process is killed ${KILLS} times stops everything, holds once, and leaves no intent open`, async () => {
  await using simulator = await startSimulator("--active-limit", String(ACTIVE + 50))
  const ids = []
  for (let index = 0; index < ACTIVE; index++) {
    const { id } = await simulator.control.addCampaign({ name: `Halt ${index}`, status: "on" })
    ids.push(CampaignId.make(id))
  }
  await simulator.control.clearLogs()
  const random = randomFrom(testSeed())
  const file = databaseFile()
  const task = {
    database: { _tag: "Sqlite", file } as const,
    simulator: simulator.ready,
    submissions: [halt]
  }
  for (let killed = 0; killed < KILLS; killed++) {
    await using runner = startRunner(task)
    await runner.says("Ready")
    await delay(random() * LONGEST_WORK_MS)
    expect(runner.heard("Done")).toBeUndefined()
    await runner.kill()
  }
  await using last = startRunner(task)
  await last.says("Done")
  expect(last.heard("Over")?.operation.status).toBe("succeeded")

  const { campaigns } = await simulator.control.state()
  const wanted: ReadonlySet<string> = new Set(ids)
  const left = campaigns.filter(({ id, status }) => wanted.has(id) && status === "on")
  expect(left).toEqual([])
  const writes = await simulator.control.writes({ by: "api" })
  expect(writes.map(({ campaignId }) => campaignId).toSorted()).toEqual(ids.toSorted())

  const { entries, verification } = await entriesIn(file)
  expect(verification._tag).toBe("Intact")
  expect(entries.filter(({ kind }) => kind === "halt-raised").length).toBe(1)
  const intents = entries.filter(({ kind }) => kind === "intent")
  expect(new Set(intents.map(({ campaignId }) => campaignId))).toEqual(wanted)
  const settled = new Set(entries.map(({ intentId }) => intentId))
  expect(intents.filter(({ id }) => !settled.has(id))).toEqual([])
})
