import type { Client } from "../Client.ts"
import { naiveClient } from "../naiveClient.ts"
import { memoryLedger, productClient } from "../product.ts"
import { type Row, readable } from "../Row.ts"
import { type SimulatorProcess, simulatorProcess } from "../simulatorProcess.ts"

/** Requests at most. Source: the product's own promise; the naive client makes four. */
const GOALS = { activate: 3, pause: 2 } as const

/** Longer than any call of the simulated campaign lasts, in seconds. */
const UNTIL_DRAINED_SECONDS = 60

export const isToken = (route: string | null): boolean => route?.endsWith("/oauth/token") === true

/** The requests of one change, those for a token left out, by the simulator's own log. */
export const requestsOf = async (
  { control }: SimulatorProcess,
  change: () => Promise<unknown>
): Promise<number> => {
  await control.advance(UNTIL_DRAINED_SECONDS)
  await control.clearLogs()
  await change()
  const requests = await control.requests()
  return requests.filter(({ route }) => !isToken(route)).length
}

const countsOf = async (simulator: SimulatorProcess, client: Client) => ({
  pause: await requestsOf(simulator, client.pause),
  activate: await requestsOf(simulator, client.activate)
})

/** Requests per change, beside the naive client's, on both contracts. */
export const measureRequests = async (): Promise<ReadonlyArray<Row>> => {
  const rows: Array<Row> = []
  for (const contract of ["platform", "etag"] as const) {
    await using simulator = await simulatorProcess()
    const naive = await countsOf(simulator, await naiveClient(simulator, contract))
    await using client = productClient(simulator, contract, memoryLedger)
    const product = await countsOf(simulator, client)
    for (const change of ["activate", "pause"] as const)
      rows.push({
        what: `requests to ${change}, ${contract} contract`,
        figure: `${product[change]} (naive client: ${naive[change]})`,
        ratio: readable(product[change] / naive[change]),
        goal: `at most ${GOALS[change]}`,
        met: product[change] <= GOALS[change],
        binding: true,
        n: 1,
        values: { product: product[change], naive: naive[change] }
      })
  }
  return rows
}
