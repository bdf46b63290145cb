import { startSimulator } from "@campaignctl/genesys-simulator"
import { assert, describe, it } from "@effect/vitest"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { vi } from "vitest"

describe("the official SDK as a plain client", () => {
  it("logs in, lists, reads, starts and stops over the simulator", async () => {
    // As anyone would use it: its bundle, which looks for a configuration in the home directory.
    const home = await mkdtemp(join(tmpdir(), "plain-sdk-"))
    vi.stubEnv("HOME", home)
    const simulator = await startSimulator({ clock: { mode: "manual" } })
    try {
      const { default: sdk } = await import("@genesyscloud/api-client-node")
      const client = new sdk.ApiClientClass()
      const { hostname, port } = new URL(simulator.apiUrl)
      client.config.setConfigPath("")
      client.config.setGateway({
        protocol: "http",
        host: hostname,
        port: Number(port),
        path_params_api: "",
        path_params_login: ""
      })
      await client.loginClientCredentialsGrant(simulator.clientId, simulator.clientSecret)
      const outbound = new sdk.OutboundApi(client)
      const listed = await outbound.getOutboundCampaigns({ pageSize: 2 })
      assert.strictEqual(listed.total, simulator.campaigns.length)
      const id = simulator.campaigns.find(({ status }) => status === "on")?.id ?? ""
      const campaign = await outbound.getOutboundCampaign(id)
      await outbound.putOutboundCampaign(id, { ...campaign, campaignStatus: "off" })
      const stale: unknown = await outbound
        .putOutboundCampaign(id, { ...campaign, campaignStatus: "off" })
        .then(
          () => undefined,
          (error: unknown) => error
        )
      assert.include(JSON.stringify(stale), "invalid.update.wrong.version")
      assert.oneOf((await outbound.getOutboundCampaign(id)).campaignStatus, ["stopping", "off"])
    } finally {
      await simulator.close()
      vi.unstubAllEnvs()
      await rm(home, { recursive: true, force: true })
    }
  })
})
