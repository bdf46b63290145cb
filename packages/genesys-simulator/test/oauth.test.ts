import { expect, it } from "vitest"
import { campaignPath, connect, named } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const form = (url: string, body: string, authorization?: string): Promise<Response> =>
  fetch(`${url}/oauth/token`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      ...(authorization === undefined ? {} : { authorization })
    },
    body
  })

it.each([
  ["no grant type", "", "right", 400, "invalid_request"],
  ["another grant type", "grant_type=password", "right", 400, "unsupported_grant_type"],
  ["no credentials", "grant_type=client_credentials", "none", 400, "invalid_client"],
  ["a wrong secret", "grant_type=client_credentials", "wrong", 401, "invalid_client"]
])("refuses a token for %s", (_, body, credentials, status, error) =>
  withSimulator({}, async (simulator) => {
    const secret = credentials === "wrong" ? "guess" : simulator.clientSecret
    const answer = await form(
      simulator.loginUrl,
      body,
      credentials === "none" ? undefined : `Basic ${btoa(`${simulator.clientId}:${secret}`)}`
    )
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error, error_description: expect.any(String) })
  })()
)

it.each([
  ["no JSON", "nonsense", 400, "invalid_request"],
  ["no client", { grant_type: "client_credentials" }, 400, "invalid_request"],
  ["another grant", { grant_type: "password" }, 400, "unsupported_grant_type"],
  [
    "a wrong secret",
    { grant_type: "client_credentials", client_id: "a", client_secret: "b" },
    401,
    "invalid_client"
  ]
])("refuses a token of the ETag contract for %s", (_, body, status, error) =>
  withSimulator({}, async (simulator) => {
    const answer = await fetch(`${simulator.apiUrl}/api/v2/oauth/token`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: typeof body === "string" ? body : JSON.stringify(body)
    })
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error, error_description: expect.any(String) })
  })()
)

it(
  "answers 401 without a token, with an unknown one, an expired one, and a revoked one",
  withSimulator({ tokenSeconds: 60 }, async (simulator) => {
    const path = campaignPath(named(simulator, "Spring"))
    const bare = await fetch(`${simulator.apiUrl}/api/v2${path}`)
    expect([bare.status, JSON.parse(await bare.text()).code]).toEqual([
      401,
      "authentication.required"
    ])
    const call = await connect(simulator)
    const unknown = await call("GET", path, { headers: { authorization: "Bearer guess" } })
    expect([unknown.status, unknown.body.code]).toEqual([401, "bad.credentials"])
    expect((await call("GET", path)).status).toBe(200)
    await simulator.control.advance(59)
    expect((await call("GET", path)).status).toBe(200)
    await simulator.control.advance(1)
    expect((await call("GET", path)).status).toBe(401)
    const again = await connect(simulator)
    expect((await again("GET", path)).status).toBe(200)
    expect(await simulator.control.revokeTokens()).toEqual({ revoked: 1 })
    expect((await again("GET", path)).status).toBe(401)
  })
)

it(
  "serves the login host on a port of its own when asked",
  withSimulator({ loginPort: 0 }, async (simulator) => {
    expect(simulator.loginUrl).not.toBe(simulator.apiUrl)
    const call = await connect(simulator)
    expect((await call("GET", "/outbound/campaigns")).status).toBe(200)
    expect((await form(simulator.apiUrl, "grant_type=client_credentials")).status).toBe(401)
  })
)
