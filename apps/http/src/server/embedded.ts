import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Environment, Profile } from "@campaignctl/core"
import { startSimulator } from "@campaignctl/genesys-simulator"

/** A Genesys Cloud of our own, for whoever has none at hand. */
export interface Embedded {
  /** The environment as it would be were the simulator the real thing. */
  readonly env: Environment
  /** A campaign that dials, to try a pause on. */
  readonly campaignId: string | undefined
  readonly close: () => Promise<void>
}

const CREDENTIALS = [
  "OAUTH_CLIENT_ID",
  "OAUTH_CLIENT_SECRET",
  "GENESYSCLOUD_OAUTHCLIENT_ID",
  "GENESYSCLOUD_OAUTHCLIENT_SECRET",
  "GENESYS_API_URL"
]

/** Receivers of webhooks that are tried out with a simulator: those on this machine. */
const THIS_MACHINE = "localhost,127.0.0.0/8,::1"

/** Whether nothing at all says which Genesys to use. Half of it is a mistake, not a wish for a simulator. */
export const saysNothingOfGenesys = (env: Environment): boolean =>
  CREDENTIALS.every((key) => (env[key]?.trim() ?? "") === "")

/** Starts a simulator, and makes a place for the ledger that is gone with it where none is configured. */
export const startEmbedded = async (
  env: Environment,
  { CAMPAIGNCTL_WEBHOOK_ALLOW: allow }: Profile = {}
): Promise<Embedded> => {
  const directory = await mkdtemp(join(tmpdir(), "campaignctl-"))
  const simulator = await startSimulator()
  return {
    env: {
      CAMPAIGNCTL_DATABASE_URL: `file:${join(directory, "ledger.db")}`,
      ...(allow === undefined ? { CAMPAIGNCTL_WEBHOOK_ALLOW: THIS_MACHINE } : {}),
      ...env,
      OAUTH_CLIENT_ID: simulator.clientId,
      OAUTH_CLIENT_SECRET: simulator.clientSecret,
      GENESYS_API_URL: simulator.apiUrl,
      GENESYS_LOGIN_URL: simulator.loginUrl
    },
    campaignId: simulator.campaigns.find(({ status }) => status === "on")?.id,
    close: async () => {
      await simulator.close()
      await rm(directory, { recursive: true, force: true })
    }
  }
}
