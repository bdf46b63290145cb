import type { Plan } from "../Plan.ts"
import { memoryLedger, productClient } from "../product.ts"
import { type Row, readable } from "../Row.ts"
import { sdkClient } from "../sdkClient.ts"
import { simulatorProcess } from "../simulatorProcess.ts"
import { interleaved, quantile, timed } from "../stats.ts"
import { temporaryLedger } from "../temporaryLedger.ts"

const HIGH = 0.99

const rowOf = (what: string, product: ReadonlyArray<number>, bare: ReadonlyArray<number>): Row => {
  const [p50, p99, bareP50, bareP99] = [
    quantile(product, 0.5),
    quantile(product, HIGH),
    quantile(bare, 0.5),
    quantile(bare, HIGH)
  ]
  return {
    what,
    figure: `p50 ${readable(p50 - bareP50)} ms, p99 ${readable(p99 - bareP99)} ms (SDK alone: ${readable(bareP50)}, ${readable(bareP99)})`,
    ratio: `${readable(p50 / bareP50)}, ${readable(p99 / bareP99)}`,
    n: product.length,
    values: { p50, p99, bareP50, bareP99 }
  }
}

/**
 * What the product adds to the SDK's calls, in one process against one simulator, by turns: with
 * the ledger file as shipped, and with a ledger in memory to tell the program from the disk.
 */
export const measureLatency = async (plan: Plan): Promise<ReadonlyArray<Row>> => {
  await using simulator = await simulatorProcess()
  using file = temporaryLedger()
  const bare = await sdkClient(simulator)
  await using durable = productClient(simulator, "platform", file.layer)
  await using memory = productClient(simulator, "platform", memoryLedger)
  const clients = { bare, durable, memory }
  const pauses: Record<keyof typeof clients, Array<number>> = { bare: [], durable: [], memory: [] }
  // Each turn pauses and starts, so that every contender finds the campaign dialling.
  const turn = (name: keyof typeof clients) => async () => {
    pauses[name].push(await timed(clients[name].pause))
    return timed(clients[name].activate)
  }
  const starts = await interleaved(
    { bare: turn("bare"), durable: turn("durable"), memory: turn("memory") },
    { rounds: plan.latencyRounds, warmUp: plan.latencyWarmUp }
  )
  const paused = (name: keyof typeof clients) => pauses[name].slice(plan.latencyWarmUp)
  return [
    rowOf("added to a pause, ledger on disk", paused("durable"), paused("bare")),
    rowOf("added to a start, ledger on disk", starts.durable, starts.bare),
    rowOf("added to a pause, ledger in memory", paused("memory"), paused("bare")),
    rowOf("added to a start, ledger in memory", starts.memory, starts.bare)
  ]
}
