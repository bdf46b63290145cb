import type { Client } from "./Client.ts"
import type { SimulatorProcess } from "./simulatorProcess.ts"

type Json = Readonly<Record<string, unknown>>
interface Reply {
  readonly body: Json
  readonly etag: string
}

const sender = (base: string, token: string) => {
  return async (
    method: string,
    path: string,
    body?: Json,
    headers: Readonly<Record<string, string>> = {}
  ): Promise<Reply> => {
    const reply = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) })
    })
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status}`)
    // The simulator answers objects to all that is asked of it here.
    return { body: (await reply.json()) as Json, etag: reply.headers.get("etag") ?? "" }
  }
}

const tokenOf = async (
  loginUrl: string,
  clientId: string,
  clientSecret: string
): Promise<string> => {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString("base64")
  const reply = await fetch(`${loginUrl}/oauth/token`, {
    method: "POST",
    headers: {
      authorization: `Basic ${basic}`,
      "content-type": "application/x-www-form-urlencoded"
    },
    body: "grant_type=client_credentials"
  })
  const { access_token } = (await reply.json()) as { readonly access_token: string }
  return access_token
}

/**
 * The client that the product is compared with: on every change, a pause included, it reads the
 * state, queries the analytics, reads again for the lock, and writes.
 */
export const naiveClient = async (
  { campaignId, queueId, ready }: SimulatorProcess,
  contract: "platform" | "etag"
): Promise<Client> => {
  const send = sender(
    ready.apiUrl,
    await tokenOf(ready.loginUrl, ready.clientId, ready.clientSecret)
  )
  const campaign = `/api/v2/outbound/campaigns/${campaignId}`
  const observations = {
    filter: {
      type: "or",
      predicates: [{ type: "dimension", dimension: "queueId", operator: "matches", value: queueId }]
    },
    metrics: ["oUserRoutingStatuses"]
  }
  const changes = {
    etag: async (state: string) => {
      await send("GET", campaign)
      const realtime = "interval=now&groupBy=queue&select=queue,agentsAvailable,agentsLoggedIn"
      await send("GET", `/api/v2/analytics/queues/realtime?${realtime}`)
      const { etag } = await send("GET", campaign)
      const reason = state === "paused" ? { pauseReason: "OTHER" } : {}
      const body = { campaignstate: state, ...reason, drainqueue: state === "paused" }
      return send("PATCH", campaign, body, { "if-match": etag })
    },
    platform: async (state: string) => {
      await send("GET", campaign)
      await send("POST", "/api/v2/analytics/queues/observations/query", observations)
      const { body } = await send("GET", campaign)
      return send("PUT", campaign, { ...body, campaignStatus: state === "paused" ? "off" : "on" })
    }
  }
  return {
    pause: () => changes[contract]("paused"),
    activate: () => changes[contract]("active")
  }
}
