import { assert, describe, it } from "@effect/vitest"
import {
  type AuditEntry,
  type Campaign,
  CampaignId,
  LockToken,
  type ProgressEvent
} from "@campaignctl/core"
import { Effect } from "effect"
import { measuring } from "../src/metrics/measuring.ts"

const campaign: Campaign = {
  id: CampaignId.make("11111111-1111-4111-8111-111111111111"),
  name: "canary-name",
  status: "on",
  lock: LockToken.make("1"),
  observedAt: 0,
  original: {}
}

/** An entry with a verdict of each kind. */
const judged = (kind: AuditEntry["kind"], outcome: AuditEntry["outcome"]): AuditEntry =>
  ({
    kind,
    outcome,
    verdicts: [
      { guard: "matrix", status: "passed", detail: "" },
      { guard: "pauseReason", status: "skipped", detail: "" },
      { guard: "capacity", status: "failed", detail: "" },
      { guard: "callingWindow", status: "unknown", detail: "" },
      { guard: "slots", status: "overridden", detail: "" }
    ]
  }) as Partial<AuditEntry> as AuditEntry // no more of an entry is measured

/** How many series a run of so many attempts leaves behind. */
const seriesOf = (events: ReadonlyArray<ProgressEvent>): ReadonlySet<string> => {
  const series = new Set<string>()
  const { report } = measuring([
    (metric, _, labels) => series.add(`${metric} ${JSON.stringify(labels)}`)
  ])
  for (const event of events) Effect.runSync(report(event))
  return series
}

/** What is measured of an event, as it is written: the metric, the value, and the values of its labels. */
const measured = (event: ProgressEvent): ReadonlyArray<string> => {
  const told: Array<string> = []
  const { report } = measuring([
    (metric, value, labels) => told.push([metric, value, ...Object.values(labels)].join(" "))
  ])
  Effect.runSync(report(event))
  return told
}

const cases: ReadonlyArray<readonly [ProgressEvent, ReadonlyArray<string>]> = [
  [{ _tag: "Ended", target: "paused", outcome: "Applied" }, ["transitions 1 paused Applied"]],
  [{ _tag: "Waiting", cause: "conflict", delayMs: 250 }, ["waits 0.25 conflict"]],
  [
    { _tag: "Recorded", entry: judged("rejection", "rejected"), tookMs: 2 },
    ["appends 0.002 rejection", "refusals 1 capacity", "refusals 1 callingWindow"]
  ],
  [{ _tag: "Recorded", entry: judged("outcome", "applied"), tookMs: 500 }, ["appends 0.5 outcome"]],
  [{ _tag: "Waiting", cause: "drain", delayMs: 250 }, []],
  [{ _tag: "DrainEnded", result: "Drained", waitedMs: 90_000 }, ["drains 90 Drained"]],
  [
    { _tag: "BudgetSeen", used: 120, allowed: 300, kept: 15 },
    ["budgetUsed 120", "budgetLeft 180", "budgetKept 15"]
  ],
  // A refused request is counted too.
  [
    { _tag: "BudgetSeen", used: 301, allowed: 300, kept: 15 },
    ["budgetUsed 301", "budgetLeft 0", "budgetKept 15"]
  ],
  [
    { _tag: "BudgetTaken", class: "fleet", reason: "pace", waitedMs: 1_500 },
    ["budgetWaits 1.5 fleet pace"]
  ],
  [{ _tag: "OperationEnded", kind: "Fleet", status: "partial" }, ["operations 1 Fleet partial"]],
  [
    { _tag: "ItemsEnded", kind: "Fleet", status: "applied", count: 7 },
    ["operationCampaigns 7 Fleet applied"]
  ],
  [
    {
      _tag: "HaltEnded",
      firstStopMs: 0,
      lastAcceptMs: 2_000,
      noNewDialsMs: 3_500,
      drainedMs: null
    },
    ["halts 0 first-stop", "halts 2 last-accept", "halts 3.5 no-new-dials"]
  ],
  [{ _tag: "GuardLooked", looked: true, tookMs: 500 }, ["guardCycles 0.5 Looked"]],
  [{ _tag: "GuardLooked", looked: false, tookMs: 500 }, ["guardCycles 0.5 Failed"]],
  [{ _tag: "WatchSeen", heard: 7, listed: 2 }, ["watched 7 events", "watched 2 lists"]],
  [{ _tag: "MessageSent", result: "again", tookMs: 1_500 }, ["messages 1.5 again"]],
  [
    {
      _tag: "ClusterSeen",
      runners: { healthy: 3, unhealthy: 1 },
      shards: { here: 100, elsewhere: 199, free: 2 },
      operations: 5
    },
    [
      "runners 3 healthy",
      "runners 1 unhealthy",
      "shards 100 here",
      "shards 199 elsewhere",
      "shards 2 nobody",
      "operationsOpen 5"
    ]
  ]
]

describe("what runs are measured under", () => {
  for (const [event, expected] of cases)
    it(`of ${JSON.stringify(event)} is ${expected.join(", ") || "nothing"}`, () => {
      assert.deepStrictEqual(measured(event), expected)
    })

  it("is the same few labels however many campaigns and attempts there are", () => {
    const sending = Array.from({ length: 50 }, (_, n) => ({
      _tag: "Sending" as const,
      campaign: { ...campaign, name: `canary-name ${n}` },
      attempt: n + 1
    }))
    assert.deepStrictEqual(
      [...seriesOf(sending)],
      ['attempts {"try":"first"}', 'attempts {"try":"retry"}']
    )
  })
})
