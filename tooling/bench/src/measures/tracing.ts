import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { interleaved, median, medianRatio } from "../stats.ts"

/**
 * - `none`: no span is made and nothing is measured
 * - `off`: as shipped, with telemetry that nobody asked for
 * - `on`: every span and metric exported over OTLP
 */
export type Tracing = "none" | "off" | "on"

const WORKER = new URL("./tracingWorker.ts", import.meta.url)
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
  const child: ChildProcess = fork(WORKER, [way], { env: { ...process.env, ...env } })
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

/**
 * What tracing costs the whole program where no port takes any time, each way in a process of its
 * own. What is compared is processor time: what else the machine does changes it least.
 */
export const measureTracing = async (plan: Plan): Promise<ReadonlyArray<Row>> => {
  using sink = await collector()
  const exporting = { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_LOGS_EXPORTER: "none" }
  await using none = await started("none", {})
  await using off = await started("off", {})
  await using on = await started("on", exporting)
  const transitions = plan.tracingTransitionsPerBatch
  const micros = await interleaved(
    {
      none: () => none.batch(transitions),
      off: () => off.batch(transitions),
      on: () => on.batch(transitions)
    },
    { rounds: plan.tracingBatches, warmUp: plan.tracingWarmUp }
  )
  const rate = (way: Tracing): number => (transitions / median(micros[way])) * MICROS_PER_SECOND
  const bare = rate("none")
  const row = (what: string, way: Tracing) => {
    const ratio = medianRatio(micros.none, micros[way])
    const traced = rate(way)
    return {
      what,
      figure: `${readable(traced)} transitions per second of processor time (without: ${readable(bare)})`,
      ratio: readable(ratio),
      n: plan.tracingBatches,
      values: { traced, bare, ratio }
    } satisfies Row
  }
  const quiet = row("tracing off, ports in memory", "off")
  return [
    {
      ...quiet,
      goal: `costs under ${OFF_MAY_COST * PERCENT} %`,
      met: quiet.values.ratio > 1 - OFF_MAY_COST
    },
    row("tracing on, every span exported, ports in memory", "on")
  ]
}
