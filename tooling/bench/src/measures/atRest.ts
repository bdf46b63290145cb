import { fork } from "node:child_process"
import { once } from "node:events"
import type { SimulatorReady } from "@campaignctl/genesys-simulator"
import type { Plan } from "../Plan.ts"
import { type Row, readable } from "../Row.ts"
import { simulatorProcess } from "../simulatorProcess.ts"
import { temporaryLedger } from "../temporaryLedger.ts"
import { isToken } from "./requests.ts"

const WORKER = new URL("./atRestWorker.ts", import.meta.url)
const BYTES_PER_MIB = 1024 * 1024
const MILLIS_PER_MINUTE = 60_000
/** Without a channel a list is made each minute, which must not take longer on the faster clock: it runs so many times slower, for as long, and counts as often. */
const SLOWER = 5
/** The smallest organisation of the simulator, to tell the watch's memory from the program's. */
const FEW = 9
/** Milliseconds between two lists. Source: the watch's documentation. */
const LISTS_EVERY_MS = { channels: 10 * MILLIS_PER_MINUTE, none: MILLIS_PER_MINUTE }

/** What a worker is asked for. Milliseconds are those of its clock. */
export interface Resting {
  readonly ready: SimulatorReady
  readonly filename: string
  readonly campaigns: number
  /** Whether changes are heard of over channels. */
  readonly channels: boolean
  readonly times: number
  readonly restMs: number
  readonly listsEveryMs: number
}

interface Rested {
  readonly requests: number
  /** Bytes on the heap that are in use at the end. */
  readonly heap: number
}

/** Watches so many campaigns while nobody asks for anything. */
const rested = async (
  campaigns: number,
  channels: boolean,
  { restMinutes, restTimes: times }: Pick<Plan, "restMinutes" | "restTimes">
): Promise<Rested> => {
  await using simulator = await simulatorProcess({ campaigns, clock: times })
  using ledger = temporaryLedger()
  const asked: Resting = {
    // The campaigns themselves would be more than a command line takes.
    ready: { ...simulator.ready, campaigns: [] },
    filename: ledger.filename,
    campaigns,
    channels,
    times,
    restMs: restMinutes * MILLIS_PER_MINUTE,
    listsEveryMs: channels ? LISTS_EVERY_MS.channels : LISTS_EVERY_MS.none
  }
  const child = fork(WORKER, [JSON.stringify(asked)], { execArgv: ["--expose-gc"] })
  const exit = once(child, "exit")
  await once(child, "message")
  await simulator.control.clearLogs()
  const answer = once(child, "message")
  child.send("rest")
  const [heap] = (await answer) as [number] // what the worker sends
  const log = await simulator.control.requests()
  await exit
  return { heap, requests: log.filter(({ route }) => !isToken(route)).length }
}

/**
 * What the watch of many campaigns costs while nothing happens: requests, with changes heard of over
 * channels and without, by the simulator's log; and memory.
 */
export const measureAtRest = async (plan: Plan): Promise<ReadonlyArray<Row>> => {
  const { restCampaigns, restMinutes, restTimes } = plan
  const slowly = { restMinutes: restMinutes / SLOWER, restTimes: restTimes / SLOWER }
  const [heard, unheardPart, few] = await Promise.all([
    rested(restCampaigns, true, plan),
    rested(restCampaigns, false, slowly),
    rested(FEW, true, plan)
  ])
  const unheard = unheardPart.requests * SLOWER
  const many = new Intl.NumberFormat("en").format(restCampaigns)
  const mib = (bytes: number): string => readable(bytes / BYTES_PER_MIB)
  return [
    {
      what: `requests in ${restMinutes} minutes at rest, ${many} campaigns watched, faster clock`,
      figure: `${readable(heard.requests)} (without a channel: ${readable(unheard)})`,
      ratio: readable(heard.requests / unheard),
      n: 1,
      values: { heard: heard.requests, unheard }
    },
    {
      what: `memory with ${many} campaigns watched`,
      figure: `${mib(heard.heap)} MiB heap (with ${FEW}: ${mib(few.heap)})`,
      ratio: readable(heard.heap / few.heap),
      n: 1,
      values: { heap: heard.heap, heapWithFew: few.heap }
    }
  ]
}
