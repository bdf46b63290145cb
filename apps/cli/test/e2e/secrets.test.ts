import { describe, expect, it } from "vitest"
import { CANARY_SECRET, leaksIn, TOKEN_PATTERN } from "../support/canary.ts"
import { type Contract, useWorld } from "../support/World.ts"

const world = useWorld()

const tokenOf = async (contract: Contract): Promise<string> => {
  const { apiUrl, clientId, loginUrl } = world().ready
  const reply = await (contract === "platform"
    ? fetch(`${loginUrl}/oauth/token`, {
        method: "POST",
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${CANARY_SECRET}`).toString("base64")}`
        },
        body: new URLSearchParams({ grant_type: "client_credentials" })
      })
    : fetch(`${apiUrl}/api/v2/oauth/token`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          grant_type: "client_credentials",
          client_id: clientId,
          client_secret: CANARY_SECRET,
          scope: "outbound:campaign:read"
        })
      }))
  const { access_token: token } = (await reply.json()) as { access_token: string } // both contracts' reply
  return token
}

// Every file of these tests looks through all that was written when it ends; this makes sure that
// looking would find something.
describe("looking for secrets", () => {
  it.each<Contract>(["platform", "etag"])(
    "would find a token of the %s contract",
    async (contract) => {
      const token = await tokenOf(contract)
      expect(token).toMatch(TOKEN_PATTERN)
      expect(leaksIn(`Bearer ${token}`, world().ready.clientId)).not.toEqual([])
    }
  )

  it("would find the client secret, plain or encoded", () => {
    const { clientId } = world().ready
    const basic = Buffer.from(`${clientId}:${CANARY_SECRET}`).toString("base64")
    for (const text of [`x${CANARY_SECRET}x`, `Basic ${basic}`])
      expect(leaksIn(text, clientId)).toHaveLength(1)
  })
})

/** Faults that end in errors of every kind, with the debug output on. */
const FAULTS = [
  { kind: "status", status: 500 },
  { kind: "status", code: "invalid.update" },
  { kind: "malformedJson" },
  { kind: "truncateBody" },
  { kind: "resetBefore" },
  { kind: "revokeToken" }
] as const

describe.each<Contract>(["platform", "etag"])("failing on the %s contract", (contract) => {
  it.each(FAULTS)("with $kind $status $code shows no secret, with debugging on", async (fault) => {
    const env = world().env(contract, { CAMPAIGNCTL_DEBUG: "1", CAMPAIGNCTL_MAX_RETRIES: "1" })
    const { id } = await world().control.addCampaign({
      name: `Failing ${contract}`,
      status: "on",
      dialingMode: "agentless"
    })
    await world().control.fault({ ...fault, campaignId: id, count: "always" })
    const ran = await world().run(["pause", id, "--reason", "OTHER"], env)
    await world().control.clearFaults()
    expect(ran.exitCode).not.toBe(1)
    expect(leaksIn(ran.stdout + ran.stderr, world().ready.clientId)).toEqual([])
    expect(await world().json(["audit", "verify"], env)).toMatchObject({ exitCode: 0 })
  })

  it("shows no secret that was pasted where it does not belong", async () => {
    const id = world().idOf("Winback Lapsed Customers")
    for (const [words, more] of [
      [["get"], { GENESYS_REGION: CANARY_SECRET, GENESYS_API_URL: "", GENESYS_LOGIN_URL: "" }],
      [["get"], { OAUTH_CLIENT_ID: "nobody" }],
      [["get", "--contract", "soap"], {}],
      [["explain", id, "--to", "active"], { CAMPAIGNCTL_CALLING_WINDOW: CANARY_SECRET }]
    ] as const) {
      const ran = await world().run(words, { ...world().env(contract), ...more })
      expect(leaksIn(ran.stdout + ran.stderr, world().ready.clientId)).toEqual([])
    }
  })
})
