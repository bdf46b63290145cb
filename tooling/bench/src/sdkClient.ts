import sdk from "@genesyscloud/api-client-node"
import type { Client } from "./Client.ts"
import type { SimulatorProcess } from "./simulatorProcess.ts"

/**
 * The calls that a change cannot do without, made with the official SDK and nothing around them: no
 * decision, no retry, no audit. What the product takes longer than this is what it adds.
 */
export const sdkClient = async ({
  campaignId,
  queueId,
  ready
}: SimulatorProcess): Promise<Client> => {
  const client = new sdk.ApiClientClass()
  client.config.setConfigPath("")
  const { hostname, port } = new URL(ready.apiUrl)
  client.setGateway({ protocol: "http", host: hostname, port: Number(port) })
  await client.loginClientCredentialsGrant(ready.clientId, ready.clientSecret)
  const outbound = new sdk.OutboundApi(client)
  const analytics = new sdk.AnalyticsApi(client)
  const read = () => outbound.getOutboundCampaign(campaignId)
  const agents = () =>
    analytics.postAnalyticsQueuesObservationsQuery({
      filter: {
        type: "or",
        predicates: [
          { type: "dimension", dimension: "queueId", operator: "matches", value: queueId }
        ]
      },
      metrics: ["oUserRoutingStatuses"]
    })
  return {
    pause: async () =>
      outbound.putOutboundCampaign(campaignId, { ...(await read()), campaignStatus: "off" }),
    activate: async () => {
      const campaign = await read()
      await agents()
      return outbound.putOutboundCampaign(campaignId, { ...campaign, campaignStatus: "on" })
    }
  }
}
