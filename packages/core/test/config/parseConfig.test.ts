import { inspect } from "node:util"
import { Redacted, Result } from "effect"
import { describe, expect, it } from "vitest"
import {
  type Config,
  type ConfigPage,
  configPages,
  defaultCallingWindow,
  defaultGuardPolicy,
  defaultMatrix,
  defaultRetryPolicy,
  defaultSupervisionPolicy,
  parseConfig,
  type Problem,
  type Profile,
  regionHosts,
  renderConfigPages,
  sqliteLedger
} from "../../src/index.ts"
import { badValues } from "./badValues.ts"

type Env = Readonly<Record<string, string | undefined>>

const CREDENTIALS = { OAUTH_CLIENT_ID: "client", OAUTH_CLIENT_SECRET: "s3cret-value" }

const configOf = (env: Env, profile?: Profile): Config => {
  const parsed = parseConfig({ ...CREDENTIALS, ...env }, profile)
  if (Result.isFailure(parsed)) throw parsed.failure
  return parsed.success
}

const problemsOf = (env: Env, profile?: Profile): ReadonlyArray<Problem> => {
  const parsed = parseConfig({ ...CREDENTIALS, ...env }, profile)
  return Result.isFailure(parsed) ? parsed.failure.problems : []
}
const keysOf = (env: Env, profile?: Profile): ReadonlyArray<string> =>
  problemsOf(env, profile).map(({ key }) => key)

describe("parseConfig", () => {
  it("needs the credentials alone, and documents every default that it takes", () => {
    const config = configOf({})
    expect(Redacted.value(config.genesys.clientSecret)).toBe("s3cret-value")
    expect(config).toEqual({
      genesys: {
        contract: "platform",
        region: "mypurecloud.ie",
        apiUrl: "https://api.mypurecloud.ie",
        loginUrl: "https://login.mypurecloud.ie",
        clientId: "client",
        clientSecret: config.genesys.clientSecret
      },
      guards: defaultGuardPolicy,
      window: { _tag: "Fixed", window: defaultCallingWindow },
      retry: defaultRetryPolicy,
      supervision: defaultSupervisionPolicy,
      ledger: sqliteLedger("campaignctl.db"),
      governanceLevel: "L3"
    })
    const pages: ReadonlyArray<ConfigPage> = configPages
    const documented = pages.flatMap((page) =>
      page.default === undefined ? [] : [[page.key, page.default] as const]
    )
    expect(documented).toHaveLength(19)
    // What is documented as a default changes nothing when it is set.
    expect(configOf(Object.fromEntries(documented))).toEqual(config)
  })

  it("lists each missing credential", () => {
    const parsed = parseConfig({})
    expect(Result.isFailure(parsed) && parsed.failure.problems).toEqual([
      { key: "OAUTH_CLIENT_ID", expected: "the OAuth client's id", found: "nothing" },
      { key: "OAUTH_CLIENT_SECRET", expected: "the OAuth client's secret", found: "nothing" }
    ])
  })

  it("takes blank text for nothing, wherever it is", () => {
    const blank = Object.fromEntries(configPages.map(({ key }) => [key, "  "]))
    const credentials = parseConfig(blank, CREDENTIALS)
    expect(Result.isSuccess(credentials) && credentials.success.governanceLevel).toBe("L3")
  })

  it.each(Object.entries(regionHosts))("knows region %s, by name and by host", (name, host) => {
    for (const text of [name, name.replaceAll("_", "-"), name.toUpperCase(), host, `api.${host}`]) {
      const { apiUrl, loginUrl, region } = configOf({ GENESYS_REGION: text }).genesys
      expect([region, apiUrl, loginUrl]).toEqual([
        host,
        `https://api.${host}`,
        `https://login.${host}`
      ])
    }
  })

  it("understands the names that other Genesys tools use, after its own", () => {
    const others = {
      GENESYSCLOUD_REGION: "eu-west-1",
      GENESYSCLOUD_OAUTHCLIENT_ID: "other",
      GENESYSCLOUD_OAUTHCLIENT_SECRET: "other-secret"
    }
    const parsed = parseConfig(others)
    expect(Result.isSuccess(parsed) && parsed.success.genesys).toMatchObject({
      region: "mypurecloud.ie",
      clientId: "other"
    })
    expect(configOf({ ...others, GENESYS_REGION: "mypurecloud.de" }).genesys).toMatchObject({
      region: "mypurecloud.de",
      clientId: "client"
    })
    expect(keysOf({ GENESYSCLOUD_REGION: "eu-west-9" })).toEqual(["GENESYSCLOUD_REGION"])
  })

  it("takes care of the campaigns that are named, and of none unless told", () => {
    const care = (text: string) => configOf({ CAMPAIGNCTL_GUARD_CARE: text }).supervision.care
    expect(configOf({}).supervision).toEqual(defaultSupervisionPolicy)
    expect(care("none")).toBeNull()
    expect(care("ALL")).toEqual({})
    expect(care('{"queueIds":["a"],"namePattern":"spring *"}')).toEqual({
      queueIds: ["a"],
      namePattern: "spring *"
    })
    const slow = {
      CAMPAIGNCTL_GUARD_INTERVAL_MS: "60000",
      CAMPAIGNCTL_GUARD_CLOSING_MARGIN_MS: "136000"
    }
    expect(configOf(slow).supervision).toMatchObject({
      intervalMs: 60_000,
      closingMarginMs: 136_000
    })
  })

  it("takes the environment first and the profile for the rest", () => {
    const profile = {
      CAMPAIGNCTL_MINIMUM_AGENTS: 5,
      CAMPAIGNCTL_ACTIVE_LIMIT: 10,
      CAMPAIGNCTL_HOLIDAYS: ["2026-12-25", "2026-12-26"],
      CAMPAIGNCTL_CALLING_WINDOW: {
        zones: [{ zone: "Europe/Berlin", slots: [{ from: "09:00", to: "20:00" }] }]
      },
      CAMPAIGNCTL_MATRIX: { ...defaultMatrix, draining: defaultMatrix.archived }
    }
    const config = configOf({ CAMPAIGNCTL_ACTIVE_LIMIT: "20" }, profile)
    expect(config.guards).toMatchObject({ minimumAgents: 5, activeLimit: 20 })
    expect(config.guards.matrix.draining).toEqual(defaultMatrix.archived)
    expect(config.window).toEqual({
      _tag: "Fixed",
      window: {
        zones: [
          {
            zone: "Europe/Berlin",
            slots: [{ from: "09:00", to: "20:00" }],
            holidays: ["2026-12-25", "2026-12-26"]
          }
        ]
      }
    })
  })

  it.each<readonly [string, Env, unknown]>([
    [
      "short text",
      { CAMPAIGNCTL_CALLING_WINDOW: "09:00-18:00" },
      {
        _tag: "Fixed",
        window: { zones: [{ zone: "UTC", slots: [{ from: "09:00", to: "18:00" }] }] }
      }
    ],
    [
      "JSON",
      { CAMPAIGNCTL_CALLING_WINDOW: JSON.stringify(defaultCallingWindow) },
      { _tag: "Fixed", window: defaultCallingWindow }
    ],
    [
      "the campaigns' own",
      { CAMPAIGNCTL_CALLING_WINDOW: "genesys", CAMPAIGNCTL_HOLIDAYS: "2026-12-25" },
      { _tag: "CampaignTimeSet", holidays: ["2026-12-25"] }
    ]
  ])("takes the calling window as %s", (_name, env, window) => {
    expect(configOf(env).window).toEqual(window)
  })

  it.each<readonly [string, Env, readonly [apiUrl: string, loginUrl: string]]>([
    [
      "both",
      { GENESYS_API_URL: "http://127.0.0.1:8080/", GENESYS_LOGIN_URL: "http://localhost:8081" },
      ["http://127.0.0.1:8080", "http://localhost:8081"]
    ],
    [
      "an API at api.",
      { GENESYS_API_URL: "https://api.example.com" },
      ["https://api.example.com", "https://login.example.com"]
    ],
    [
      "a gateway of the ETag contract",
      { GENESYS_CONTRACT: "etag", GENESYS_API_URL: "https://gateway.example.com/genesys/" },
      ["https://gateway.example.com/genesys", "https://gateway.example.com/genesys"]
    ],
    [
      "the ETag contract alone",
      { GENESYS_CONTRACT: "etag" },
      ["https://api.mypurecloud.ie", "https://api.mypurecloud.ie"]
    ],
    [
      "a host of a private network",
      { GENESYS_API_URL: "http://simulator:8080", GENESYS_LOGIN_URL: "http://10.0.0.5" },
      ["http://simulator:8080", "http://10.0.0.5"]
    ]
  ])("finds the addresses from %s", (_name, env, [apiUrl, loginUrl]) => {
    expect(configOf(env).genesys).toMatchObject({ apiUrl, loginUrl })
  })

  it.each([
    ["file:ledger.db", "ledger.db"],
    ["file:./data/my ledger.db", "./data/my ledger.db"],
    ["file:/var/lib/ledger.db", "/var/lib/ledger.db"],
    ["file:///var/lib/my%20ledger.db", "/var/lib/my ledger.db"]
  ])("finds the ledger of %s", (url, filename) => {
    expect(configOf({ CAMPAIGNCTL_DATABASE_URL: url }).ledger).toEqual({
      _tag: "Sqlite",
      filename,
      place: filename
    })
  })

  it.each([
    [
      "postgres://ada:p%40ss%2Fw@db.example.com:6432/ledger",
      "postgres://db.example.com:6432/ledger"
    ],
    ["postgresql://ada:p%40ss%2Fw@[::1]/ledger?sslmode=require", "postgres://[::1]/ledger"]
  ])("finds the ledger on a server, and shows nobody its password: %s", (url, place) => {
    const { ledger } = configOf({ CAMPAIGNCTL_DATABASE_URL: url })
    expect(ledger).toMatchObject({ _tag: "Postgres", place })
    expect(ledger._tag === "Postgres" && Redacted.value(ledger.url)).toBe(url)
    expect(`${JSON.stringify(ledger)} ${inspect(ledger)} ${ledger.place}`).not.toMatch(/p%40ss|ada/)
  })

  it("has the client wait no longer for the rate limit than the deadline allows", () => {
    const patience = (ms: string) =>
      configOf({ CAMPAIGNCTL_RETRY_DEADLINE_MS: ms }).genesys.pacingPatienceMs
    expect(patience("8000")).toBe(8_000)
    expect(patience("60999")).toBe(60_999)
    expect(patience("61000")).toBeUndefined()
    expect(patience(String(defaultRetryPolicy.deadlineMs))).toBeUndefined()
  })

  it("takes the caller's file for the ledger where none is configured", () => {
    const parsed = parseConfig(CREDENTIALS, {}, { ledgerFile: "/home/ada/ledger.db" })
    expect(Result.isSuccess(parsed) && parsed.success.ledger).toEqual(
      sqliteLedger("/home/ada/ledger.db")
    )
  })

  it.each(badValues)("refuses %s=%s", (key, value, found) => {
    const problems = problemsOf({ [key]: value })
    expect(new Set(problems.map((problem) => problem.key))).toEqual(new Set([key]))
    expect(problems[0]?.found).toBe(found)
    expect(problems[0]?.expected).not.toBe("")
  })

  it("never sends credentials to a login that was not meant", () => {
    expect(keysOf({ GENESYS_API_URL: "https://gateway.example.com" })).toEqual([
      "GENESYS_LOGIN_URL"
    ])
    expect(keysOf({ GENESYS_LOGIN_URL: "https://login.example.com" })).toEqual(["GENESYS_API_URL"])
  })

  it("takes a matrix only when it is total, and says what is missing or too much", () => {
    const { active, ...others } = defaultMatrix
    const { paused: _paused, ...row } = active
    const found = (matrix: unknown): ReadonlyArray<string> =>
      problemsOf({ CAMPAIGNCTL_MATRIX: JSON.stringify(matrix) }).map(({ expected }) => expected)
    expect(found(defaultMatrix)).toEqual([])
    expect(found(others)).toEqual([
      "at active a rule for each of active, paused, completed, archived"
    ])
    expect(found({ ...others, active: row })).toEqual([
      "allowed, with-restart, refused at active.paused"
    ])
    expect(found({ ...defaultMatrix, active: { ...row, paused: "maybe" } })).toHaveLength(1)
    expect(found({ ...defaultMatrix, frozen: row })).toHaveLength(1)
    expect(found({ ...defaultMatrix, active: { ...active, frozen: "allowed" } })).toHaveLength(1)
  })

  it("lists every problem at once, of the environment and of the profile", () => {
    const parsed = parseConfig(
      {
        GENESYS_CONTRACT: "soap",
        CAMPAIGNCTL_MINIMUM_AGENTS: "two",
        CAMPAIGNCTL_HOLIDAYS: "2026-02-30,tomorrow",
        CAMPAIGNCTL_CALLING_WINDOW: "20:00-09:00 Mars/Olympus"
      },
      { CAMPAIGNCTL_ACTIVE_LIMIT: -1, CAMPAIGNCTL_MAX_RETRIES: () => 3 }
    )
    expect(Result.isFailure(parsed) && parsed.failure.problems.map(({ key }) => key)).toEqual([
      "GENESYS_CONTRACT",
      "OAUTH_CLIENT_ID",
      "OAUTH_CLIENT_SECRET",
      "CAMPAIGNCTL_MINIMUM_AGENTS",
      "CAMPAIGNCTL_ACTIVE_LIMIT",
      "CAMPAIGNCTL_HOLIDAYS",
      "CAMPAIGNCTL_HOLIDAYS",
      "CAMPAIGNCTL_CALLING_WINDOW",
      "CAMPAIGNCTL_CALLING_WINDOW",
      "CAMPAIGNCTL_MAX_RETRIES"
    ])
  })
})

describe("renderConfigPages", () => {
  it("has a row of three cells for every value, with its names and its default", () => {
    const rows = renderConfigPages().split("\n").slice(2)
    expect(rows).toHaveLength(configPages.length)
    configPages.forEach((page: ConfigPage, index) => {
      expect(rows[index]?.split(" | ")).toHaveLength(3)
      expect(rows[index]).toContain(`\`${page.key}\``)
      expect(rows[index]).toContain(page.default ?? "")
    })
  })
})
