import { simulatorProcess as start } from "@campaignctl/genesys-simulator/test-process"
import type { ManagerOptions } from "../../src/index.ts"

/** Looked for in everything that is printed, thrown or written. */
export const CANARY_SECRET = "canary-5f0c1b77-client-secret"

/** A simulator in a process of its own, reached over sockets alone. */
export const simulatorProcess = async (...args: ReadonlyArray<string>) => {
  const own = ["--client-secret", CANARY_SECRET, "--call-seconds", "0.1-0.3"]
  const simulator = await start(...own, ...args)
  const { control, ready } = simulator
  return {
    ...simulator,
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
    /** Sets the agents that are free on the campaign's queue, and holds them. */
    agents: async (campaignId: string, idle: number) => {
      const { document } = await control.campaign(campaignId)
      const { id } = document["queue"] as { readonly id: string }
      await control.agents(id, idle)
    }
  }
}

export type SimulatorProcess = Awaited<ReturnType<typeof simulatorProcess>>
