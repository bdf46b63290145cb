import { CampaignId, keptOf, defaultBudgetPolicy } from "@campaignctl/core"
import type { ControlClient, RequestEntry } from "@campaignctl/genesys-simulator"
import { freshDatabase } from "@campaignctl/postgres-server/fresh"
import { Schema } from "effect"
import { assert, it } from "vitest"
import { HaltReport, OperationId } from "../../src/index.ts"
import { startMember } from "../support/members.ts"
import { OPERATION, pausing } from "../support/pausing.ts"
import { freePorts } from "../support/ports.ts"
import { addCampaign, startSimulator } from "../support/simulator.ts"
import { until } from "../support/until.ts"

const MEMBERS = 3
const CAMPAIGNS = 5_000
/** Requests a minute that the simulator grants one token, and its headers tell. */
const GRANTED = 600
/** Those of them that are kept for halts, and that nobody else sends. */
const KEPT = keptOf(defaultBudgetPolicy, GRANTED)
const SHARED = GRANTED - KEPT
/** Fewer than the kept share pays for: a list before them, and some after them. */
const DIALLING = 25
/** The window over which the headers grant requests, in milliseconds. */
const WINDOW_MS = 60_000
/** Milliseconds of the simulator's log: a window, and enough of the next for a burst at its beginning to show. */
const LOG_MS = WINDOW_MS + 12_000
/** Changes that the fleet has made when the load begins: it has been listed, and waits for each further one. */
const CHANGED = 5
/** Readers of each class and member: more than are ever granted at once. */
const READERS = 40
const ADDED_AT_ONCE = 50
/** Looks, four a second, without a new request after which nobody gets one: even the fleet's pace is two for each. */
const SILENT_LOOKS = 6
/** Nearly all of it: what a refused reader gave back may be counted for a while. */
const NEARLY_SPENT = SHARED - 10

/**
 * Milliseconds to the first stop at most, by the simulator's clock. One second is what it takes where
 * the machine is free; this one may run other tests beside it. All others wait for a whole window then.
 */
const FIRST_STOP_MS = 10_000

const HALT = OperationId.make("0198a7d2-0000-7000-8000-000000000002")

const STOP = "POST /api/v2/outbound/campaigns/:id/stop"
const LIST = "GET /api/v2/outbound/campaigns"
const CHANGE = "PUT /api/v2/outbound/campaigns/:id"

/** The requests that the server counts: those for a token are not among them. */
const counted = async (control: ControlClient): Promise<ReadonlyArray<RequestEntry>> =>
  (await control.requests()).filter(({ path }) => path.startsWith("/api/"))

/** The most requests that arrived within any window of the log. */
const mostInAWindow = (log: ReadonlyArray<RequestEntry>): number => {
  const times = log.map(({ time }) => Date.parse(time))
  let most = 0
  let oldest = 0
  for (const [place, time] of times.entries()) {
    while ((times[oldest] ?? time) <= time - WINDOW_MS) oldest += 1
    most = Math.max(most, place - oldest + 1)
  }
  return most
}

const spanOf = (log: ReadonlyArray<RequestEntry>): number =>
  Date.parse(log.at(-1)?.time ?? "") - Date.parse(log[0]?.time ?? "")

const addMany = async (
  control: ControlClient,
  count: number,
  command: (index: number) => Parameters<ControlClient["addCampaign"]>[0]
): Promise<ReadonlyArray<CampaignId>> => {
  const ids: Array<CampaignId> = []
  for (let from = 0; from < count; from += ADDED_AT_ONCE)
    ids.push(
      ...(await Promise.all(
        Array.from({ length: Math.min(ADDED_AT_ONCE, count - from) }, (_, index) =>
          addCampaign(control, command(from + index))
        )
      ))
    )
  return ids
}

it("three processes under full load stay under what the headers grant, and a halt overtakes all", async () => {
  await using simulator = await startSimulator("--rate", String(GRANTED))
  const { control, ready } = simulator
  // The platform never has more than fifty on, but takes an invalid one to off.
  await addMany(control, CAMPAIGNS, (index) => ({
    name: `Fleet ${String(index).padStart(4, "0")}`,
    status: "invalid"
  }))
  const dialling = await addMany(control, DIALLING, (index) => ({
    name: `Halt ${index}`,
    status: "on",
    dialingMode: "agentless"
  }))
  await control.clearLogs()
  const url = await freshDatabase()
  const [one = 0, two = 0, three = 0] = await freePorts(MEMBERS)
  const task = { url, simulator: ready, guard: null }
  await using first = startMember({ ...task, port: one })
  await first.says("Ready")
  await using second = startMember({ ...task, port: two })
  await using third = startMember({ ...task, port: three })
  await Promise.all([second.says("Ready"), third.says("Ready")])

  first.tell({
    _tag: "Submit",
    submission: pausing({ namePattern: "Fleet *" }, { concurrency: 50 })
  })
  await until(
    () => control.requests({ route: CHANGE }),
    (changes) => changes.length >= CHANGED
  )
  const busy = CampaignId.make(ready.campaigns[0]?.id ?? "")
  const load = { _tag: "Load", campaignId: busy, atOnce: READERS } as const
  first.tell({ ...load, budgetClass: "operator" })
  second.tell({ ...load, budgetClass: "guard" })
  third.tell({ ...load, budgetClass: "schedule" })
  third.tell({ ...load, budgetClass: "operator" })

  // Until all that is granted but the kept share is spent, and everybody waits.
  let silent = 0
  let heard = 0
  const spent = await until(
    () => counted(control),
    ({ length }) => {
      silent = length === heard ? silent + 1 : 0
      heard = length
      return silent >= SILENT_LOOKS
    }
  )
  assert.isAtMost(spent.length, SHARED)
  assert.isAtLeast(spent.length, NEARLY_SPENT)
  first.tell({ _tag: "Show", id: OPERATION })
  const fleet = (await first.says("Shown"))?.operation
  assert.strictEqual(fleet?.status, "running")
  assert.isAbove((fleet?.counts.pending ?? 0) + (fleet?.counts.running ?? 0), 0.9 * CAMPAIGNS)

  const issuedAt = Date.parse((await control.advance(0)).time)
  second.tell({
    _tag: "Submit",
    submission: {
      id: HALT,
      spec: {
        _tag: "Halt",
        name: "Recall",
        selector: { namePattern: "Halt *" },
        pauseReason: "COMPLIANCE",
        proofDeadlineMs: 2 * WINDOW_MS
      },
      requestedBy: "bob",
      source: "library"
    }
  })
  const halted = (await second.says("Over"))?.operation
  const log = await until(
    () => counted(control),
    (requests) => spanOf(requests) >= LOG_MS
  )
  await Promise.all([first.kill(), second.kill(), third.kill()])

  // By the simulator's own log: first the halt's list, then its stops, and of the others nothing.
  const after = log.slice(spent.length)
  const stops = after.filter(({ route }) => route === STOP)
  const lastStop = after.findLastIndex(({ route }) => route === STOP)
  const during = after.slice(0, lastStop + 1)
  for (const { query, route } of during)
    assert.isTrue(
      route === STOP || (route === LIST && query.includes("Halt")),
      `${route}${query} was sent while a halt waited`
    )
  assert.strictEqual(during[0]?.route, LIST)
  assert.strictEqual(during[1]?.route, STOP)
  assert.isAtMost(during.length, KEPT)
  assert.sameMembers(
    stops.map(({ campaignId }) => campaignId),
    [...dialling]
  )
  assert.isTrue(stops.every(({ status }) => status === 204))
  const atFirst = Date.parse(stops[0]?.time ?? "") - issuedAt
  const atLast = Date.parse(stops.at(-1)?.time ?? "") - issuedAt
  assert.isAtMost(atFirst, FIRST_STOP_MS)

  // The kept share alone paid for all of them: nothing that the others had sent counted no more.
  const freed = Date.parse(log[0]?.time ?? "") + WINDOW_MS
  assert.isBelow(Date.parse(stops.at(-1)?.time ?? ""), freed)
  const report = Schema.decodeUnknownSync(HaltReport)(halted?.report)
  assert.strictEqual(halted?.status, "succeeded", halted?.detail ?? "")
  assert.strictEqual(report.requests.stops, DIALLING)
  assert.isTrue(report.campaigns.every(({ outcome }) => outcome === "stopped"))
  assert.isNotNull(report.firstStopAfterMs)
  assert.isNotNull(report.lastAcceptAfterMs)

  // Over any window: never more than granted, and all that is granted but the kept share was used.
  const most = mostInAWindow(log)
  console.log(
    `halt among ${CAMPAIGNS} that wait: first stop ${atFirst} ms after it was issued, last ${atLast} ms; it says ${report.firstStopAfterMs} and ${report.lastAcceptAfterMs}. Most requests in any minute: ${most} of ${GRANTED}, ${log.length} in ${spanOf(log)} ms`
  )
  assert.isAtMost(most, GRANTED)
  assert.isAtLeast(most, SHARED)
  assert.isTrue(log.every(({ status }) => status !== 429))
})
