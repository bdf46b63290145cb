import { layerSingle, Operations } from "@campaignctl/operations"
import { Effect, Layer, ManagedRuntime, Stream } from "effect"
import { naiveClient } from "../naiveClient.ts"
import type { Plan } from "../Plan.ts"
import { simulatorPorts } from "../product.ts"
import { type Row, readable } from "../Row.ts"
import { simulatorProcess } from "../simulatorProcess.ts"
import { fleetPause, submissionOf } from "../submissions.ts"
import { temporaryLedger } from "../temporaryLedger.ts"
import { requestsOf } from "./requests.ts"

/** Campaigns that are changed at once. */
const CONCURRENCY = 10

/** Pauses every campaign that was added for it, as one operation. */
export const pauseFleet = Effect.gen(function* () {
  const { get, submit, watch } = yield* Operations
  const submission = yield* Effect.promise(() => submissionOf(fleetPause(CONCURRENCY)))
  const { id } = yield* submit(submission)
  yield* Stream.runDrain(watch(id))
  return (yield* get(id)).counts.applied
})

/** Requests per campaign of a fleet, its pages included, by the simulator's own log, beside the naive client's. */
export const measureFleet = async ({ fleetCampaigns }: Plan): Promise<Row> => {
  await using simulator = await simulatorProcess()
  using file = temporaryLedger()
  await simulator.addFleet(fleetCampaigns)
  const naive = await requestsOf(simulator, (await naiveClient(simulator, "platform")).pause)
  const ports = Layer.merge(simulatorPorts(simulator.ready, "platform"), file.layerWithClient)
  const runtime = ManagedRuntime.make(
    layerSingle({ filename: file.filename }).pipe(Layer.provideMerge(ports))
  )
  try {
    let applied = 0
    const requests = await requestsOf(simulator, async () => {
      applied = await runtime.runPromise(pauseFleet)
    })
    if (applied !== fleetCampaigns) throw new Error(`${applied} campaigns were changed`)
    const product = requests / fleetCampaigns
    return {
      what: `requests per campaign, a fleet of ${new Intl.NumberFormat("en").format(fleetCampaigns)}`,
      figure: `${product} (naive client: ${naive})`,
      ratio: readable(product / naive),
      n: 1,
      values: { requests, product, naive }
    }
  } finally {
    await runtime.dispose()
  }
}
