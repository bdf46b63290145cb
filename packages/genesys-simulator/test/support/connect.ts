import type { Simulator, SimulatorReady } from "../../src/index.ts"

export interface Answer {
  readonly status: number
  readonly headers: Headers
  /** As JSON.parse gives it: tests look into it freely. */
  readonly body: ReturnType<typeof JSON.parse>
}

export interface Call {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export type Contract = "platform" | "etag"

const login = (simulator: SimulatorReady, contract: Contract): Promise<Response> =>
  contract === "platform"
    ? fetch(`${simulator.loginUrl}/oauth/token`, {
        method: "POST",
        headers: {
          authorization: `Basic ${btoa(`${simulator.clientId}:${simulator.clientSecret}`)}`,
          "content-type": "application/x-www-form-urlencoded"
        },
        body: "grant_type=client_credentials"
      })
    : fetch(`${simulator.apiUrl}/api/v2/oauth/token`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          grant_type: "client_credentials",
          client_id: simulator.clientId,
          client_secret: simulator.clientSecret,
          scope:
            "outbound:campaign:read outbound:campaign:write analytics:queue:read platform:webhook:write"
        })
      })

export const tokenOf = async (simulator: SimulatorReady, contract: Contract): Promise<string> => {
  const answer = await login(simulator, contract)
  return JSON.parse(await answer.text()).access_token
}

export type Client = (method: string, path: string, call?: Call) => Promise<Answer>

/** A client that adds nothing of its own: no retry, no pacing, no renewal. */
export const connect = async (
  simulator: SimulatorReady,
  contract: Contract = "platform"
): Promise<Client> => {
  const token = await tokenOf(simulator, contract)
  return async (method, path, call = {}) => {
    const response = await fetch(`${simulator.apiUrl}/api/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        ...call.headers
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) })
    })
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : JSON.parse(text)
    }
  }
}

export const campaignPath = (id: string): string => `/outbound/campaigns/${id}`

/** The seeded campaign of that name. */
export const named = (simulator: Simulator, name: string): string => {
  const campaign = simulator.campaigns.find((candidate) => candidate.name.startsWith(name))
  if (campaign === undefined) throw new Error(`No campaign is named ${name}.`)
  return campaign.id
}
