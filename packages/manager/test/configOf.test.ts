import { Redacted, Result } from "effect"
import fc from "fast-check"
import { expect, it } from "vitest"
import { configOf } from "../src/configOf.ts"
import type { ManagerOptions } from "../src/index.ts"

const SECRET = "canary-secret-5f0c"
const env = { OAUTH_CLIENT_ID: "id-1", OAUTH_CLIENT_SECRET: SECRET, GENESYS_REGION: "eu-central-1" }

const read = (options?: ManagerOptions, processEnv: Record<string, string> = {}) => {
  const parsed = configOf(options, processEnv)
  if (Result.isFailure(parsed)) throw parsed.failure
  return parsed.success
}
const problemsOf = (options: unknown, processEnv: Record<string, string> = {}) => {
  const parsed = configOf(options, processEnv)
  return Result.isFailure(parsed) ? parsed.failure.problems : []
}

it("reads the environment of the process where nothing else is said", () => {
  const { genesys, webhookCallbackUrl } = read(undefined, {
    ...env,
    WEBHOOK_CALLBACK_URL: "https://wfm.example/hook"
  })
  expect(genesys).toMatchObject({ contract: "platform", region: "mypurecloud.de" })
  expect(Redacted.value(genesys.clientSecret)).toBe(SECRET)
  expect(webhookCallbackUrl).toBe("https://wfm.example/hook")
})

it("reads a given record instead, and options before either, also before their other names", () => {
  const others = { OAUTH_CLIENT_ID: "other", GENESYS_CONTRACT: "nonsense" }
  expect(read({ env }, others).genesys).toMatchObject({ clientId: "id-1", contract: "platform" })
  const aliased = { ...env, GENESYSCLOUD_REGION: "eu-west-2" }
  expect(read({ env: aliased, region: "mypurecloud.ie" }).genesys.region).toBe("mypurecloud.ie")
  expect(read({ env, clientId: undefined as never }).genesys.clientId).toBe("id-1")
})

it("takes numbers, lists and objects for what the environment has as text", () => {
  const config = read({
    env,
    minimumAgents: 5,
    maxRetries: 0,
    holidays: ["2026-12-25"],
    callingWindow: { zones: [{ zone: "Europe/Berlin", slots: [{ from: "08:00", to: "18:00" }] }] },
    requestedBy: "scheduler",
    databaseUrl: "file:/var/lib/ledger.db"
  })
  expect(config).toMatchObject({
    guards: { minimumAgents: 5 },
    retry: { maxRetries: 0 },
    window: {
      _tag: "Fixed",
      window: { zones: [{ zone: "Europe/Berlin", holidays: ["2026-12-25"] }] }
    },
    requestedBy: "scheduler",
    ledger: { filename: "/var/lib/ledger.db" }
  })
  expect(read({ env, callingWindow: "genesys" }).window).toMatchObject({ _tag: "CampaignTimeSet" })
})

it("lists every problem at once, under the name that the value had", () => {
  const problems = problemsOf({
    env: { ...env, CAMPAIGNCTL_MAX_RETRIES: "many" },
    region: "atlantis",
    minimumAgents: -1,
    matrix: { active: {} },
    secret: "x"
  })
  const keys = new Set(problems.map(({ key }) => key))
  expect(keys).toEqual(
    new Set(["options.secret", "region", "minimumAgents", "matrix", "CAMPAIGNCTL_MAX_RETRIES"])
  )
})

it("answers anything at all with a configuration or with problems, and never tells the secret", () => {
  const wild = fc.record(
    {
      env: fc.oneof(fc.anything(), fc.dictionary(fc.string(), fc.anything())),
      region: fc.anything(),
      clientId: fc.oneof(fc.anything(), fc.constant(SECRET)),
      callingWindow: fc.anything(),
      matrix: fc.anything(),
      maxRetries: fc.anything(),
      databaseUrl: fc.anything()
    },
    { requiredKeys: [] }
  )
  fc.assert(
    fc.property(fc.oneof(fc.anything(), wild), (options) => {
      const given =
        typeof options === "object" && options !== null && !Array.isArray(options)
          ? { ...options, clientSecret: SECRET }
          : options
      expect(JSON.stringify(problemsOf(given))).not.toContain(SECRET)
    })
  )
})
