import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { ControlClient, type SimulatorReady } from "@campaignctl/genesys-simulator"

/** Looked for in everything that is exported or printed. */
export const CANARY_SECRET = "canary-0c95-client-secret"

const PROGRAM = `import { runSimulatorProgram } from "@campaignctl/genesys-simulator"
process.exitCode = await runSimulatorProgram(process.argv.slice(1))`
const OPTIONS = [
  "--port",
  "0",
  "--json",
  "--client-secret",
  CANARY_SECRET,
  "--call-seconds",
  "0.1-0.3"
]

const packageFolder = fileURLToPath(new URL("../..", import.meta.url))

/** A simulator in a process of its own. */
export const simulatorProcess = async () => {
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", PROGRAM, "--", ...OPTIONS],
    {
      cwd: packageFolder,
      stdio: ["ignore", "pipe", "inherit"]
    }
  )
  const exit = once(child, "close")
  const [line]: ReadonlyArray<string> = await once(createInterface(child.stdout), "line")
  const ready: SimulatorReady = JSON.parse(line ?? "")
  return {
    ready,
    control: new ControlClient(ready.controlUrl),
    campaign: (name: string): string => {
      const found = ready.campaigns.find((campaign) => campaign.name === name)
      if (found === undefined) throw new Error(`the simulator has no campaign “${name}”`)
      return found.id
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await exit
    }
  }
}

export type SimulatorProcess = Awaited<ReturnType<typeof simulatorProcess>>
