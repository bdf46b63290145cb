import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { ControlClient, type SimulatorReady } from "@campaignctl/genesys-simulator"
import type { ManagerOptions } from "../../src/index.ts"

/** Looked for in everything that is printed, thrown or written. */
export const CANARY_SECRET = "canary-5f0c1b77-client-secret"

const PROGRAM = `import { runSimulatorProgram } from "@campaignctl/genesys-simulator"
process.exitCode = await runSimulatorProgram(process.argv.slice(1))`

const packageFolder = fileURLToPath(new URL("../..", import.meta.url))

/** A simulator in a process of its own, reached over sockets alone. */
export const simulatorProcess = async (...args: ReadonlyArray<string>) => {
  const own = [
    "--port",
    "0",
    "--json",
    "--client-secret",
    CANARY_SECRET,
    "--call-seconds",
    "0.1-0.3"
  ]
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
    /** The environment that a program needs to reach it. */
    env: (contract: NonNullable<ManagerOptions["contract"]>, ledger: string) => ({
      GENESYS_REGION: "mypurecloud.ie",
      OAUTH_CLIENT_ID: ready.clientId,
      OAUTH_CLIENT_SECRET: ready.clientSecret,
      WEBHOOK_CALLBACK_URL: "https://wfm.example/campaigns",
      GENESYS_CONTRACT: contract,
      GENESYS_API_URL: ready.apiUrl,
      GENESYS_LOGIN_URL: ready.loginUrl,
      CAMPAIGNCTL_DATABASE_URL: `file:${ledger}`,
      // Open at all hours, so that no test depends on when it runs.
      CAMPAIGNCTL_CALLING_WINDOW: "00:00-24:00 UTC",
      CAMPAIGNCTL_RETRY_BASE_MS: "20"
    }),
    campaign: (name: string): string => {
      const found = ready.campaigns.find((campaign) => campaign.name === name)
      if (found === undefined) throw new Error(`the simulator has no campaign “${name}”`)
      return found.id
    },
    /** Sets the agents that are free on the campaign's queue, and holds them. */
    agents: async (campaignId: string, idle: number) => {
      const { document } = await control.campaign(campaignId)
      const { id } = document["queue"] as { readonly id: string }
      await control.agents(id, idle)
    },
    [Symbol.asyncDispose]: async () => {
      child.kill()
      await exit
    }
  }
}

export type SimulatorProcess = Awaited<ReturnType<typeof simulatorProcess>>
