import sdk from "@genesyscloud/api-client-node"
import { expect, it } from "vitest"
import type { Simulator } from "../src/index.ts"
import { hear, topic, topics } from "./support/channel.ts"
import { named } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

/** The official SDK as anyone would use it, on an instance of its own, pointed at the simulator. */
const sdkFor = async (simulator: Simulator) => {
  const client = new sdk.ApiClientClass()
  client.config.setConfigPath("")
  const { hostname, port } = new URL(simulator.apiUrl)
  // Its types want a number where its code joins strings; both do.
  client.setGateway({ protocol: "http", host: hostname, port: Number(port) })
  client.setReturnExtendedResponses(true)
  await client.loginClientCredentialsGrant(simulator.clientId, simulator.clientSecret)
  return {
    outbound: new sdk.OutboundApi(client),
    analytics: new sdk.AnalyticsApi(client),
    authorization: new sdk.AuthorizationApi(client),
    notifications: new sdk.NotificationsApi(client)
  }
}

/** What the SDK gives with extended responses, which its types do not say. */
interface Extended {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: ReturnType<typeof JSON.parse>
}

const extended = async (calling: Promise<unknown>): Promise<Extended> => {
  const [settled] = await Promise.allSettled([calling])
  // Resolved or rejected, the SDK hands over the same shape.
  return (settled?.status === "fulfilled" ? settled.value : settled?.reason) as Extended
}

it(
  "lists, reads, writes, starts and stops campaigns",
  withSimulator({}, async (simulator) => {
    const { outbound } = await sdkFor(simulator)
    const id = named(simulator, "Field")
    const list = await extended(outbound.getOutboundCampaigns({ pageSize: 100, name: "Field" }))
    expect(list.body.entities.map((campaign: { readonly id: string }) => campaign.id)).toEqual([id])
    const read = await extended(outbound.getOutboundCampaign(id))
    expect(read.headers["inin-ratelimit-allowed"]).toBe("300")
    const options = { useMaxCallsPerAgentDecimal: true }
    const body = { ...read.body, campaignStatus: "on" }
    const written = await extended(outbound.putOutboundCampaign(id, body, options))
    expect(written.status).toBe(200)
    expect(written.body).toEqual({
      ...read.body,
      campaignStatus: "on",
      version: read.body.version + 1,
      dateModified: expect.any(String)
    })
    expect((await extended(outbound.postOutboundCampaignStop(id))).status).toBe(204)
    await simulator.control.advance(10)
    expect((await extended(outbound.postOutboundCampaignStart(id))).status).toBe(204)
    for (const report of [
      outbound.getOutboundCampaignStats(id),
      outbound.getOutboundCampaignProgress(id),
      outbound.getOutboundCampaignDiagnostics(id)
    ]) {
      expect((await extended(report)).status).toBe(200)
    }
  })
)

it(
  "counts agents, reads time sets and permissions, and moves a campaign to a division",
  withSimulator({}, async (simulator) => {
    const { outbound, analytics, authorization } = await sdkFor(simulator)
    const { queues, divisions } = await simulator.control.state()
    const observed = await extended(
      analytics.postAnalyticsQueuesObservationsQuery({
        filter: {
          type: "or",
          predicates: [
            {
              type: "dimension",
              dimension: "queueId",
              operator: "matches",
              value: queues[0]?.id ?? ""
            }
          ]
        },
        metrics: ["oUserRoutingStatuses"]
      })
    )
    expect(observed.body.results[0].data[0]).toEqual({
      metric: "oUserRoutingStatuses",
      qualifier: "IDLE",
      stats: { count: queues[0]?.idle }
    })
    expect((await extended(outbound.getOutboundCallabletimesets())).body.total).toBe(1)
    const permitted = await extended(
      authorization.getAuthorizationDivisionspermittedMe("outbound:campaign:view")
    )
    expect(permitted.body.allDivsPermitted).toBe(true)
    const id = named(simulator, "Winback")
    const archive = divisions.find(({ name }) => name === "Archive")?.id ?? ""
    const moved = await extended(
      authorization.postAuthorizationDivisionObject(archive, "CAMPAIGN", [id])
    )
    expect(moved.status).toBe(204)
    expect((await simulator.control.campaign(id)).document["division"]).toMatchObject({
      id: archive
    })
  })
)

it(
  "sees a 409 and a 429 with their headers",
  withSimulator({}, async (simulator) => {
    const { outbound } = await sdkFor(simulator)
    const id = named(simulator, "Spring")
    const { body } = await extended(outbound.getOutboundCampaign(id))
    await simulator.control.fault({ kind: "otherWriter", method: "PUT" })
    const conflict = await extended(outbound.putOutboundCampaign(id, body))
    expect(conflict).toMatchObject({ status: 409, body: { code: "invalid.update.wrong.version" } })
    expect(conflict.headers["inin-correlation-id"]).toBe(conflict.body.contextId)
    await simulator.control.fault({ kind: "rateLimited", retryAfter: "7" })
    const limited = await extended(outbound.getOutboundCampaign(id))
    expect([limited.status, limited.headers["retry-after"]]).toEqual([429, "7"])
  })
)

it(
  "creates a channel, subscribes it, and hears of a change",
  withSimulator({}, async (simulator) => {
    const { notifications } = await sdkFor(simulator)
    const { id, connectUri } = (await extended(notifications.postNotificationsChannels())).body
    const campaign = named(simulator, "Winback")
    const body = topics(topic(campaign))
    const put = await extended(notifications.putNotificationsChannelSubscriptions(id, body))
    expect(put.body.entities).toMatchObject(body)
    const { news } = await hear(connectUri)
    await simulator.control.changeCampaign(campaign, { turn: "on" })
    expect(await news()).toMatchObject([{ eventBody: { id: campaign, campaignStatus: "on" } }])
    for (const call of [
      notifications.postNotificationsChannelSubscriptions(id, body, { ignoreErrors: true }),
      notifications.getNotificationsChannelSubscriptions(id),
      notifications.getNotificationsChannels(),
      notifications.getNotificationsAvailabletopics({ expand: ["schema"] })
    ]) {
      const { status, body: answer } = await extended(call)
      expect([status, answer.entities.length > 0]).toEqual([200, true])
    }
    const removed = await extended(notifications.deleteNotificationsChannelSubscriptions(id))
    expect(removed.status).toBe(204)
  })
)
