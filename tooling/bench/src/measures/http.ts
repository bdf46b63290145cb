import { type ChildProcess, fork } from "node:child_process"
import { once } from "node:events"
import type { Plan } from "../Plan.ts"
import { rawClient } from "../rawClient.ts"
import { type Row, readable } from "../Row.ts"
import { interleaved, median, medianRatio, quantile } from "../stats.ts"

/** What a worker says when it listens: where, and the campaign that it has. */
export interface Serving {
  readonly port: number
  readonly id: string
}

const WORKER = new URL("./httpWorker.ts", import.meta.url)
/** Connections of the client: enough to keep a server busy, few enough that it is not the queue that is measured. */
const CONNECTIONS = 16
const MILLIS_PER_SECOND = 1_000
/** The service should reach this share of the rate of the bare framework. */
const SHARE_AIMED_AT = 0.5
/** The heap may grow by this over the long run: what compiled code and caches take, far less than a leak would. */
const HEAP_MAY_GROW_BYTES = 8 * 1024 * 1024
const BYTES_PER_MEBIBYTE = 1024 * 1024
const P99 = 0.99

const DRY_RUN = JSON.stringify({ target: "paused", reason: "OTHER", dryRun: true })

/** The two routes that are measured. */
const CALLS = {
  "GET /v1/campaigns/{id}": { method: "GET", path: (id: string) => `/v1/campaigns/${id}` },
  "dry-run transition": {
    method: "POST",
    path: (id: string) => `/v1/campaigns/${id}/transitions`,
    body: DRY_RUN
  }
} as const
type Call = keyof typeof CALLS

const started = async (contender: "service" | "bare") => {
  const child: ChildProcess = fork(WORKER, [contender], { execArgv: ["--expose-gc"] })
  const [{ id, port }] = (await once(child, "message")) as [Serving] // what the worker sends first
  const client = await rawClient(port, CONNECTIONS)
  const latencies = new Map<Call, Array<number>>()
  return {
    /** Milliseconds of so many requests from all connections at once. */
    batch: async (call: Call, requests: number): Promise<number> => {
      const { path, ...request } = CALLS[call]
      const began = performance.now()
      const taken = await client.send({ ...request, path: path(id) }, requests)
      const millis = performance.now() - began
      latencies.set(call, [...(latencies.get(call) ?? []), ...taken])
      return millis
    },
    p99: (call: Call): number => quantile(latencies.get(call) ?? [], P99),
    /** Bytes on the heap that are still in use. */
    heap: async (): Promise<number> => {
      const answer = once(child, "message")
      child.send("heap")
      const [bytes] = (await answer) as [number] // what the worker sends
      return bytes
    },
    [Symbol.asyncDispose]: async () => {
      client[Symbol.dispose]()
      child.disconnect()
      await once(child, "exit")
    }
  }
}

type Contender = Awaited<ReturnType<typeof started>>

const rateRow = async (
  call: Call,
  service: Contender,
  bare: Contender,
  plan: Plan
): Promise<Row> => {
  const requests = plan.httpRequestsPerBatch
  const millis = await interleaved(
    { service: () => service.batch(call, requests), bare: () => bare.batch(call, requests) },
    { rounds: plan.httpBatches, warmUp: plan.httpWarmUp }
  )
  const rate = (sample: ReadonlyArray<number>): number =>
    (requests / median(sample)) * MILLIS_PER_SECOND
  const [ours, theirs] = [rate(millis.service), rate(millis.bare)]
  const ratio = medianRatio(millis.bare, millis.service)
  const [oursP99, theirsP99] = [service.p99(call), bare.p99(call)]
  return {
    what: `${call}, ports in memory, beside bare Hono`,
    figure: `${readable(ours)}/s, p99 ${readable(oursP99)} ms (bare: ${readable(theirs)}/s, p99 ${readable(theirsP99)} ms)`,
    ratio: readable(ratio),
    goal: `at least ${SHARE_AIMED_AT}`,
    met: ratio >= SHARE_AIMED_AT,
    n: plan.httpBatches,
    values: { ours, theirs, ratio, oursP99, theirsP99 }
  }
}

const memoryRow = async (service: Contender, plan: Plan): Promise<Row> => {
  const requests = plan.httpMemoryRequests
  const half = (call: Call): Promise<number> => service.batch(call, requests / 2)
  // A tenth first: what is compiled and cached by then does not count as growth.
  for (const call of ["GET /v1/campaigns/{id}", "dry-run transition"] as const)
    await service.batch(call, Math.ceil(requests / 10))
  const before = await service.heap()
  await half("GET /v1/campaigns/{id}")
  await half("dry-run transition")
  const after = await service.heap()
  const grown = after - before
  return {
    what: `heap after ${readable(requests)} requests`,
    figure: `${readable(grown / BYTES_PER_MEBIBYTE)} MiB more (${readable(before / BYTES_PER_MEBIBYTE)} MiB before)`,
    goal: `at most ${HEAP_MAY_GROW_BYTES / BYTES_PER_MEBIBYTE} MiB`,
    met: grown <= HEAP_MAY_GROW_BYTES,
    n: 1,
    values: { before, after }
  }
}

/** What the HTTP service costs beside the framework that it stands on, over real sockets. */
export const measureHttp = async (plan: Plan): Promise<ReadonlyArray<Row>> => {
  await using service = await started("service")
  await using bare = await started("bare")
  return [
    await rateRow("GET /v1/campaigns/{id}", service, bare, plan),
    await rateRow("dry-run transition", service, bare, plan),
    await memoryRow(service, plan)
  ]
}
