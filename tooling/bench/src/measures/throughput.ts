import { freePort } from "@campaignctl/postgres-server"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { runnerProcess, type RunnerProcess } from "../runnerProcess.ts"
import type { RunnerTask } from "../runnerTask.ts"
import { type SimulatorProcess, simulatorProcess } from "../simulatorProcess.ts"
import { median, timed } from "../stats.ts"
import { pauseOf, submissionOf } from "../submissions.ts"
import { temporaryLedger } from "../temporaryLedger.ts"
import { temporaryPostgres } from "../temporaryPostgres.ts"
import { untilDivided } from "../untilSeen.ts"

const MILLIS_PER_SECOND = 1_000

/** Operations per second of batches that are submitted at once to the first of the runners, the first batch to warm up. */
const ratesOf = async (
  simulator: SimulatorProcess,
  databases: ReadonlyArray<RunnerTask["database"]>,
  { operationsAtOnce, operationsBatches }: Plan
): Promise<ReadonlyArray<number>> => {
  const runners: Array<RunnerProcess> = []
  try {
    for (const database of databases)
      runners.push(await runnerProcess({ database, simulator: simulator.ready }))
    const [first] = runners
    if (first === undefined) throw new Error("no runner was started")
    await untilDivided(first, runners.length)
    const rates: Array<number> = []
    for (let batch = 0; batch <= operationsBatches; batch++) {
      const campaigns = await simulator.addFleet(operationsAtOnce)
      const submissions = await Promise.all(campaigns.map((id) => submissionOf(pauseOf(id))))
      const millis = await timed(async () => {
        const over = await first.submit({ submissions, watched: true })
        if (over.some(({ status }) => status !== "succeeded")) throw new Error("not all succeeded")
      })
      rates.push((operationsAtOnce / millis) * MILLIS_PER_SECOND)
    }
    return rates.slice(1)
  } finally {
    await Promise.all(runners.map((runner) => runner.kill()))
  }
}

const rowOf = (where: string, plan: Plan, rates: ReadonlyArray<number>, alone?: number): Row => {
  const perSecond = median(rates)
  return {
    what: `operations per second, ${plan.operationsAtOnce} at once, ${where}`,
    figure: readable(perSecond),
    ...(alone === undefined ? {} : { ratio: readable(perSecond / alone) }),
    n: rates.length,
    values: { perSecond }
  }
}

/** Transitions as operations, submitted at once, against one simulator; the ratio is to one process on SQLite. */
export const measureThroughput = async (plan: Plan): Promise<ReadonlyArray<Row>> => {
  await using simulator = await simulatorProcess()
  using file = temporaryLedger()
  const alone = await ratesOf(simulator, [{ _tag: "Sqlite", filename: file.filename }], plan)
  const rows = [rowOf("SQLite, one process", plan, alone)]
  await using postgres = await temporaryPostgres()
  for (let count = 1; count <= plan.mostRunners; count++) {
    const url = await postgres.newDatabase()
    const databases: Array<RunnerTask["database"]> = []
    for (let index = 0; index < count; index++)
      databases.push({ _tag: "Postgres", url, port: await freePort() })
    const rates = await ratesOf(simulator, databases, plan)
    const runners = count === 1 ? "1 runner" : `${count} runners`
    rows.push(rowOf(`PostgreSQL, ${runners}`, plan, rates, median(alone)))
  }
  return rows
}
