import { mkdirSync, writeFileSync } from "node:fs"
import { availableParallelism, cpus } from "node:os"
import { join } from "node:path"
import { parseArgs } from "node:util"
import { measureAtRest } from "./measures/atRest.ts"
import { measureDecide } from "./measures/decide.ts"
import { measureDurable } from "./measures/durable.ts"
import { measureFailover } from "./measures/failover.ts"
import { measureFleet } from "./measures/fleet.ts"
import { measureFleetTime } from "./measures/fleetTime.ts"
import { measureHttp } from "./measures/http.ts"
import { measureLatency } from "./measures/latency.ts"
import { measureAppends, measureVerify } from "./measures/ledger.ts"
import { measureRequests } from "./measures/requests.ts"
import { measureSchedules } from "./measures/schedules.ts"
import { measureStartUp } from "./measures/startUp.ts"
import { measureThroughput } from "./measures/throughput.ts"
import { measureTracing } from "./measures/tracing.ts"
import { measureTransitions } from "./measures/transitions.ts"
import { measureWebhooks } from "./measures/webhooks.ts"
import { fullPlan, type Plan, quickPlan } from "./Plan.ts"
import { isBroken, markdownTable, type Row } from "./Row.ts"
import { timed } from "./stats.ts"
import { reports } from "./temporaryLedger.ts"

const EXIT_BROKEN_COUNT = 1
const MILLIS_PER_SECOND = 1_000

type Measure = (plan: Plan) => Promise<Row | ReadonlyArray<Row>>

const measures: ReadonlyArray<readonly [what: string, measure: Measure]> = [
  ["requests per change", measureRequests],
  ["decisions", measureDecide],
  ["transitions in memory", measureTransitions],
  ["tracing", measureTracing],
  ["the HTTP service", measureHttp],
  ["added latency", measureLatency],
  ["start-up", measureStartUp],
  ["appends", measureAppends],
  ["verification", measureVerify],
  ["pending schedules", measureSchedules],
  ["durable transitions", measureDurable],
  ["a fleet's requests", measureFleet],
  ["a fleet's time", measureFleetTime],
  ["operations at once", measureThroughput],
  ["failover", measureFailover],
  ["webhooks", measureWebhooks],
  ["the watch at rest", measureAtRest]
]

const { values } = parseArgs({ options: { quick: { type: "boolean", default: false } } })
const plan = values.quick ? quickPlan : fullPlan

const machine = {
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
  processor: cpus()[0]?.model ?? "unknown",
  cores: availableParallelism()
}

const rows: Array<Row> = []
for (const [what, measure] of measures) {
  const millis = await timed(async () => rows.push(...[await measure(plan)].flat()))
  console.error(`${what}: measured in ${(millis / MILLIS_PER_SECOND).toFixed(1)} s`)
}

console.log(
  `\nMeasured on Node ${machine.node}, ${machine.platform}, ${machine.cores} cores of ${machine.processor}${plan.name === "quick" ? "; quick, so that no timing means anything" : ""}.\n`
)
console.log(markdownTable(rows))

mkdirSync(reports, { recursive: true })
const file = join(reports, plan.name === "full" ? "latest.json" : "quick.json")
const report = { at: new Date().toISOString(), plan, machine, rows }
writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`)
console.log(`\nThe figures are in ${file}`)

if (rows.some(isBroken)) {
  console.error("A change takes more requests than the product promises.")
  process.exitCode = EXIT_BROKEN_COUNT
}
