import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { CampaignId } from "@campaignctl/core"
import { Schema } from "effect"
import { ControlClient, type SimulatorReady } from "@campaignctl/genesys-simulator"

const PROGRAM = `import { runSimulatorProgram } from "@campaignctl/genesys-simulator"
process.exitCode = await runSimulatorProgram(process.argv.slice(1))`

const decodeId = Schema.decodeUnknownSync(CampaignId)

const packageFolder = fileURLToPath(new URL("../..", import.meta.url))

/** Adds one campaign. */
export const addCampaign = async (
  control: ControlClient,
  command: Parameters<ControlClient["addCampaign"]>[0]
): Promise<CampaignId> => decodeId((await control.addCampaign(command)).document["id"])

/** A simulator in a process of its own; without a limit of requests unless an option says otherwise. */
export const startSimulator = async (...args: ReadonlyArray<string>) => {
  const own = ["--port", "0", "--json", "--rate", "off", "--call-seconds", "0.1-0.3"]
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", PROGRAM, "--", ...own, ...args],
    { cwd: packageFolder, stdio: ["ignore", "pipe", "inherit"] }
  )
  const exit = once(child, "close")
  const [line]: ReadonlyArray<string> = await once(createInterface(child.stdout), "line")
  const ready: SimulatorReady = JSON.parse(line ?? "")
  const control = new ControlClient(ready.controlUrl)
  return {
    ready,
    control,
    /**
     * Adds campaigns that a pause writes to, whatever their number: the platform never has more than
     * fifty on, but takes an invalid one to off.
     */
    addInvalid: async (count: number): Promise<ReadonlyArray<CampaignId>> => {
      const ids: Array<CampaignId> = []
      for (let index = 1; index <= count; index++) {
        const name = `Fleet ${String(index).padStart(4, "0")}`
        ids.push(await addCampaign(control, { name, status: "invalid" }))
      }
      return ids
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await exit
    }
  }
}

export type Simulator = Awaited<ReturnType<typeof startSimulator>>
