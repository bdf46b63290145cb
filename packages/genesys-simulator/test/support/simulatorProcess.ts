import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { inject } from "vitest"
import { ControlClient, type SimulatorReady } from "../../src/index.ts"

const PROGRAM = fileURLToPath(new URL("../../src/program.ts", import.meta.url))

/** A simulator in a process of its own, reached over sockets alone: for tests of other packages too. */
export const simulatorProcess = async (...args: ReadonlyArray<string>) => {
  const child = spawn(
    process.execPath,
    [inject("programs")[PROGRAM] ?? PROGRAM, "--port", "0", "--json", ...args],
    {
      stdio: ["ignore", "pipe", "inherit"]
    }
  )
  const closed = once(child, "close")
  const [line]: ReadonlyArray<string> = await once(createInterface(child.stdout), "line")
  const ready: SimulatorReady = JSON.parse(line ?? "")
  return {
    ready,
    control: new ControlClient(ready.controlUrl),
    /** The id of a campaign that the organisation begins with. */
    campaign: (name: string): string => {
      const found = ready.campaigns.find((campaign) => campaign.name === name)
      if (found === undefined) throw new Error(`the simulator has no campaign “${name}”`)
      return found.id
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await closed
    }
  }
}
