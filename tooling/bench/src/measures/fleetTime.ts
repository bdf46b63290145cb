import { setTimeout as delay } from "node:timers/promises"
import { layerSingle } from "@campaignctl/operations"
import { Clock, Effect, Layer, ManagedRuntime } from "effect"
import type { Plan } from "../Plan.ts"
import { simulatorPorts } from "../product.ts"
import { type Row, readable } from "../Row.ts"
import { scaledClock } from "@campaignctl/operations/test-clock"
import { type SimulatorProcess, simulatorProcess } from "../simulatorProcess.ts"
import { temporaryLedger } from "../temporaryLedger.ts"
import { pauseFleet } from "./fleet.ts"
import { isToken } from "./requests.ts"

/** How much faster than real time everything runs: five requests a second become forty, which one core still serves. */
const TIMES = 8
/** Requests that Genesys grants one token in a minute. Source: Genesys Cloud's limits. */
const GRANTED_PER_MINUTE = 300
const MILLIS_PER_MINUTE = 60_000
const MILLIS_PER_SECOND = 1_000
/** Milliseconds of real time between two steps of the simulator's clock. */
const STEP_MS = 5
/** A fleet may take this much of the time that its requests need at the granted rate. */
const MAY_TAKE = 1.1

/** Moves the simulator's time on with the clock, its rate window included, until told to stop. */
const follow = ({ control }: SimulatorProcess, clock: Clock.Clock) => {
  const stopping = new AbortController()
  const follows = async (): Promise<void> => {
    let told = clock.currentTimeMillisUnsafe()
    while (!stopping.signal.aborted) {
      await delay(STEP_MS)
      const now = clock.currentTimeMillisUnsafe()
      await control.advance((now - told) / MILLIS_PER_SECOND)
      told = now
    }
  }
  const following = follows()
  return {
    [Symbol.asyncDispose]: () => {
      stopping.abort()
      return following
    }
  }
}

/**
 * How long a fleet takes under the granted rate, beside what its requests need at that rate: the real
 * fleet, gateway and budget against the simulator, on a clock that runs faster for both.
 */
export const measureFleetTime = async ({ fleetCampaigns }: Plan): Promise<Row> => {
  await using simulator = await simulatorProcess({ requestsPerMinute: GRANTED_PER_MINUTE })
  using file = temporaryLedger()
  await simulator.addFleet(fleetCampaigns)
  const clock = scaledClock(TIMES)
  const time = Layer.succeed(Clock.Clock, clock)
  const ports = Layer.merge(simulatorPorts(simulator.ready, "platform"), file.layerWithClient)
  const runtime = ManagedRuntime.make(
    layerSingle({ filename: file.filename }).pipe(
      Layer.provideMerge(ports),
      Layer.provideMerge(time)
    )
  )
  await using _ = follow(simulator, clock)
  try {
    await runtime.runPromise(Effect.void)
    await simulator.control.clearLogs()
    const began = clock.currentTimeMillisUnsafe()
    const applied = await runtime.runPromise(pauseFleet)
    const took = clock.currentTimeMillisUnsafe() - began
    if (applied !== fleetCampaigns) throw new Error(`${applied} campaigns were changed`)
    const log = (await simulator.control.requests()).filter(({ route }) => !isToken(route))
    const refused = log.filter(({ status }) => status === 429).length
    if (refused > 0) throw new Error(`${refused} requests were refused`)
    const physical = (log.length / GRANTED_PER_MINUTE) * MILLIS_PER_MINUTE
    const ratio = took / physical
    const seconds = (millis: number): string => `${readable(millis / MILLIS_PER_SECOND)} s`
    return {
      what: `time of a fleet of ${new Intl.NumberFormat("en").format(fleetCampaigns)} at ${GRANTED_PER_MINUTE} requests a minute, clock ${TIMES} times as fast`,
      figure: `${seconds(took)} (its ${log.length} requests at that rate: ${seconds(physical)})`,
      ratio: readable(ratio),
      goal: `at most ${MAY_TAKE}`,
      met: ratio <= MAY_TAKE,
      n: 1,
      values: { took, physical, ratio }
    }
  } finally {
    await runtime.dispose()
  }
}
