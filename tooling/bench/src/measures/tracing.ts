import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { type Estimate, interleaved, median, medianEstimate, medianRatio } from "../stats.ts"

/**
 * - `none`: the functions that make spans are replaced by ones that do not; what `/metrics` shows is counted
 * - `off`: as shipped, with telemetry that nobody asked for
 * - `on`: every span and metric exported over OTLP
 */
export type Tracing = "none" | "off" | "on"

const WORKER = new URL("./tracingWorker.ts", import.meta.url)
const WITHOUT_TRACING = new URL("./withoutTracing.ts", import.meta.url).href
const MICROS_PER_SECOND = 1_000_000
/** Tracing that is off may cost this share of the program's rate. */
const OFF_MAY_COST = 0.03
const PERCENT = 100

/** A collector that throws away what it is sent. */
const collector = async () => {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.end())
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo // it listens on TCP
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.dispose]: () => {
      server.close()
      server.closeAllConnections()
    }
  }
}

const started = async (way: Tracing, env: Readonly<Record<string, string>>) => {
  const child: ChildProcess = fork(WORKER, [way], {
    env: { ...process.env, ...env },
    execArgv: ["--import", WITHOUT_TRACING]
  })
  await once(child, "message")
  return {
    /** Microseconds of processor time that one batch takes. */
    batch: async (transitions: number): Promise<number> => {
      const answer = once(child, "message")
      child.send(transitions)
      const [micros] = (await answer) as [number] // what the worker sends
      return micros
    },
    [Symbol.asyncDispose]: async () => {
      child.disconnect()
      await once(child, "exit")
    }
  }
}

interface Pair {
  /** The rate with tracing as a share of that without. */
  readonly ratio: number
  /** Microseconds of processor time for one transition. */
  readonly traced: number
  readonly bare: number
}

/** Two new processes, one of them traced, that take turns: what else the machine does strikes both alike. */
const pair = async (
  way: Exclude<Tracing, "none">,
  env: Readonly<Record<string, string>>,
  plan: Plan
): Promise<Pair> => {
  const transitions = plan.tracingTransitionsPerBatch
  const [starting, startingBare] = [started(way, env), started("none", {})]
  await using traced = await starting
  await using bare = await startingBare
  const micros = await interleaved(
    { traced: () => traced.batch(transitions), bare: () => bare.batch(transitions) },
    { rounds: plan.tracingBatches, warmUp: plan.tracingWarmUp }
  )
  return {
    ratio: medianRatio(micros.bare, micros.traced),
    traced: median(micros.traced) / transitions,
    bare: median(micros.bare) / transitions
  }
}

const pairs = async (
  count: number,
  ...asked: Parameters<typeof pair>
): Promise<ReadonlyArray<Pair>> => {
  const all: Array<Pair> = []
  for (let made = 0; made < count; made++) all.push(await pair(...asked))
  return all
}

const row = (what: string, made: ReadonlyArray<Pair>) => {
  const rate = (way: "traced" | "bare"): number =>
    MICROS_PER_SECOND / median(made.map((one) => one[way]))
  const [traced, bare] = [rate("traced"), rate("bare")]
  const { high, low, value }: Estimate = medianEstimate(made.map(({ ratio }) => ratio))
  return {
    what,
    figure: `${readable(traced)} transitions per second of processor time (without: ${readable(bare)})`,
    ratio: `${readable(value)} (${readable(low)}–${readable(high)})`,
    n: made.length,
    values: { traced, bare, ratio: value, low, high }
  } satisfies Row
}

/**
 * What tracing costs the whole program where no port takes any time, in pairs of processes: two that
 * run the same code differ by more than tracing costs, because they are compiled and laid out in
 * memory differently. What is compared is processor time: what else the machine does changes it least.
 */
export const measureTracing = async (plan: Plan): Promise<ReadonlyArray<Row>> => {
  using sink = await collector()
  const exporting = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_LOGS_EXPORTER: "none" }
  const quiet = row("tracing off, ports in memory", await pairs(plan.tracingPairs, "off", {}, plan))
  const on = await pairs(plan.tracingOnPairs, "on", exporting, plan)
  return [
    {
      ...quiet,
      goal: `costs under ${OFF_MAY_COST * PERCENT} %`,
      met: quiet.values.ratio > 1 - OFF_MAY_COST
    },
    row("tracing on, every span exported, ports in memory", on)
  ]
}
