import { setTimeout as delay } from "node:timers/promises"
import type { RunnerProcess } from "./runnerProcess.ts"

const LOOK_MS = 50
/** Milliseconds after which something is wrong: many times a lease. */
const LONGEST_MS = 60_000
/** Of an even part of the shards, the least that a runner holds once they are divided. */
const FAIR_SHARE = 0.5

/** Looks until there is something to see. */
export const untilSeen = async <A>(look: () => Promise<A | undefined>): Promise<A> => {
  for (const began = performance.now(); performance.now() - began < LONGEST_MS;) {
    const seen = await look()
    if (seen !== undefined) return seen
    await delay(LOOK_MS)
  }
  throw new Error(`nothing was seen for ${LONGEST_MS} ms`)
}

/** Waits until so many runners have divided the work among them. */
export const untilDivided = (runner: RunnerProcess, count: number): Promise<true> =>
  untilSeen(async () => {
    const { runners, shardsFree, shardsTotal } = await runner.state()
    const fair = runners.every(({ shards }) => shards >= (shardsTotal / count) * FAIR_SHARE)
    return runners.length === count && shardsFree === 0 && fair ? true : undefined
  })
