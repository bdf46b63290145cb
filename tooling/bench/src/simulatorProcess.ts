import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { ControlClient, type SimulatorReady } from "@campaignctl/genesys-simulator"

const PROGRAM = `import { runSimulatorProgram } from "@campaignctl/genesys-simulator"
process.exitCode = await runSimulatorProgram(process.argv.slice(1))`

const here = fileURLToPath(new URL(".", import.meta.url))

/** More than any guard asks for. */
const AGENTS = 20

/** The campaign that everything is measured on: it dials and has a queue. */
const CAMPAIGN = "Spring Renewals UK"

export interface SimulatorProcess extends AsyncDisposable {
  readonly ready: SimulatorReady
  readonly control: ControlClient
  readonly campaignId: string
  readonly queueId: string
  /**
   * Adds campaigns named “Fleet …” that a pause writes to, whatever their number: the platform never
   * has more than fifty on, but takes an invalid one to off.
   */
  readonly addFleet: (campaigns: number) => Promise<ReadonlyArray<string>>
}

/**
 * A simulator in a process of its own, without a rate limit unless one is asked for, whose world stands still unless it is
 * moved on, so that a count repeats exactly and no timing holds a wait of the simulated dialer; on a
 * real clock where its log is to tell when something was.
 */
export const simulatorProcess = async ({
  campaigns,
  clock = "manual",
  requestsPerMinute
}: {
  /** How many the organisation has; a few unless said. */
  readonly campaigns?: number
  /** A number is how much faster than real time. */
  readonly clock?: "manual" | "real" | number
  readonly requestsPerMinute?: number
} = {}): Promise<SimulatorProcess> => {
  const world = [
    ...(clock === "manual" ? ["--manual-clock"] : []),
    ...(typeof clock === "number" ? ["--speed", String(clock)] : []),
    ...(campaigns === undefined ? [] : ["--campaigns", String(campaigns)])
  ]
  const args = ["--port", "0", "--json", "--rate", String(requestsPerMinute ?? "off"), ...world]
  const child = spawn(process.execPath, ["--input-type=module", "--eval", PROGRAM, "--", ...args], {
    cwd: here,
    stdio: ["ignore", "pipe", "inherit"]
  })
  const exit = once(child, "close")
  const [line]: ReadonlyArray<string> = await once(createInterface(child.stdout), "line")
  const ready: SimulatorReady = JSON.parse(line ?? "")
  const control = new ControlClient(ready.controlUrl)
  const campaignId = ready.campaigns.find(({ name }) => name === CAMPAIGN)?.id
  if (campaignId === undefined) throw new Error(`the simulator has no campaign “${CAMPAIGN}”`)
  const { document } = await control.campaign(campaignId)
  // A campaign of the platform contract refers to its queue so.
  const { id: queueId } = document["queue"] as { readonly id: string }
  await control.agents(queueId, AGENTS)
  return {
    ready,
    control,
    campaignId,
    queueId,
    addFleet: async (campaigns) => {
      const ids: Array<string> = []
      for (let index = 1; index <= campaigns; index++)
        ids.push((await control.addCampaign({ name: `Fleet ${index}`, status: "invalid" })).id)
      return ids
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await exit
    }
  }
}
