import { freePort } from "@campaignctl/postgres-server"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { runnerProcess, type RunnerProcess } from "../runnerProcess.ts"
import { type SimulatorProcess, simulatorProcess } from "../simulatorProcess.ts"
import { quantile } from "../stats.ts"
import { fleetPause, submissionOf } from "../submissions.ts"
import { temporaryPostgres } from "../temporaryPostgres.ts"
import { untilDivided, untilSeen } from "../untilSeen.ts"

const RUNNERS = 2
/** More than the fleet changes before its runner is killed and after it was taken over. */
const CAMPAIGNS = 400
/** Campaigns that are changed at once, and milliseconds that each write takes: the fleet lasts for some seconds. */
const CONCURRENCY = 4
const WRITE_MS = 100
/** Writes after which the runner is killed. */
const WRITES_BEFORE = 20
/** Milliseconds without a write that only a takeover explains: what the other runner had under way ends sooner. */
const SILENCE_MS = 1_000
const MILLIS_PER_SECOND = 1_000

const writeTimes = async ({ control }: SimulatorProcess) =>
  (await control.writes({ by: "api" })).map(({ time }) => Date.parse(time))

/** Milliseconds from the kill to the first write after the silence that it makes. */
const failover = async (simulator: SimulatorProcess, url: string): Promise<number> => {
  const runners = new Map<string, RunnerProcess>()
  try {
    const start = async (port: number) => {
      const database = { _tag: "Postgres", url, port } as const
      runners.set(
        `127.0.0.1:${port}`,
        await runnerProcess({ database, simulator: simulator.ready })
      )
    }
    for (let index = 0; index < RUNNERS; index++) await start(await freePort())
    const [first] = runners.values()
    if (first === undefined) throw new Error("no runner was started")
    await untilDivided(first, RUNNERS)
    await first.submit({
      submissions: [await submissionOf(fleetPause(CONCURRENCY))],
      watched: false
    })
    await untilSeen(async () =>
      (await writeTimes(simulator)).length >= WRITES_BEFORE ? true : undefined
    )
    const carrier = (await first.state()).runners.find(({ operations }) => operations > 0)
    const victim = runners.get(carrier?.address ?? "")
    if (victim === undefined) throw new Error("no runner carries the fleet")
    const killed = Date.now()
    await victim.kill()
    return await untilSeen(async () => {
      const times = [killed, ...(await writeTimes(simulator)).filter((time) => time > killed)]
      const after = times.find((time, index) => time - (times[index - 1] ?? time) > SILENCE_MS)
      return after === undefined ? undefined : after - killed
    })
  } finally {
    await Promise.all([...runners.values()].map((runner) => runner.kill()))
  }
}

/** How long a fleet stands still whose runner is killed with -9, of two over one PostgreSQL. */
export const measureFailover = async ({ failovers }: Plan): Promise<Row> => {
  await using postgres = await temporaryPostgres()
  const times: Array<number> = []
  for (let round = 0; round < failovers; round++) {
    await using simulator = await simulatorProcess({ clock: "real" })
    await simulator.addFleet(CAMPAIGNS)
    await simulator.control.clearLogs()
    await simulator.control.fault({
      kind: "latency",
      method: "PUT",
      milliseconds: WRITE_MS,
      count: "always"
    })
    times.push(await failover(simulator, await postgres.newDatabase()))
  }
  const [p50, worst] = [quantile(times, 0.5), quantile(times, 1)]
  const seconds = (millis: number) => readable(millis / MILLIS_PER_SECOND)
  return {
    what: "kill -9 of a fleet's runner to the next write by another, PostgreSQL",
    figure: `p50 ${seconds(p50)} s, worst ${seconds(worst)} s`,
    n: times.length,
    values: { p50, worst }
  }
}
