import { inspect } from "node:util"
import { Redacted, Result } from "effect"
import { describe, expect, it } from "vitest"
import {
  type ConfigPage,
  configPages,
  defaultCallingWindow,
  defaultGuardPolicy,
  defaultMatrix,
  defaultRetryPolicy,
  defaultSupervisionPolicy,
  parseConfig,
  renderConfigPages,
  sqliteLedger
} from "../../src/index.ts"
import { badValues } from "./badValues.ts"
import { configOf, CREDENTIALS, type Env, problemsOf } from "./configOf.ts"

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
      holidayLists: {},
      ledger: sqliteLedger("campaignctl.db"),
      governanceLevel: "L3",
      watch: true
    })
    const pages: ReadonlyArray<ConfigPage> = configPages
    const documented = pages.flatMap((page) =>
      page.default === undefined ? [] : [[page.key, page.default] as const]
    )
    expect(documented).toHaveLength(20)
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

  it("reads lists of holidays by name, and says everything that is wrong with them", () => {
    const listsOf = (text: string) => configOf({ CAMPAIGNCTL_HOLIDAY_LISTS: text }).holidayLists
    expect(listsOf('{"germany":["2026-12-25","2027-01-01"],"none":[]}')).toEqual({
      germany: ["2026-12-25", "2027-01-01"],
      none: []
    })
    const keysOf = (text: string) =>
      problemsOf({ CAMPAIGNCTL_HOLIDAY_LISTS: text }).map(({ found }) => found)
    expect(keysOf("2026-12-25")).toHaveLength(1)
    expect(keysOf("[]")).toEqual(["[]"])
    expect(keysOf('{"a":["2026-02-30",5],"2026-12-25":[],"b":"2026-12-25"}')).toEqual([
      "2026-02-30",
      "5",
      "“2026-12-25”",
      "string"
    ])
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
    const id = "a31da6c2-622d-4a22-a11f-4fd9ef744c06"
    expect(care(`{"ids":["${id.toUpperCase()}"]}`)).toEqual({ ids: [id] })
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

  const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  it("takes a receiver with its secret, which it shows nobody", () => {
    const config = configOf({
      WEBHOOK_CALLBACK_URL: "https://wfm.example/hook?key=1",
      WEBHOOK_SECRET: SECRET,
      CAMPAIGNCTL_WATCH: "OFF"
    })
    expect(config.webhookCallbackUrl).toBe("https://wfm.example/hook?key=1")
    expect(config.webhookSecret && Redacted.value(config.webhookSecret)).toBe(SECRET)
    expect(`${JSON.stringify(config)} ${inspect(config)}`).not.toContain(SECRET)
    expect(config.watch).toBe(false)
    expect(problemsOf({ WEBHOOK_SECRET: "another program's" })).toEqual([])
  })

  it.each([23, 24, 25, 26, 64, 65])("takes a secret of 24 to 64 bytes: %i", (bytes) => {
    const text = Buffer.alloc(bytes, "x").toString("base64")
    const env = { WEBHOOK_CALLBACK_URL: "https://wfm.example/", WEBHOOK_SECRET: `whsec_${text}` }
    expect(problemsOf(env)).toHaveLength(bytes >= 24 && bytes <= 64 ? 0 : 1)
  })

  it("takes the receivers inside a company, each in its usual form", () => {
    const allow =
      "wfm.corp.example, *.hooks.example ,10.1.0.0/16,127.0.0.1,::1,fd00::/8,::ffff:10.0.0.1,,localhost"
    expect(configOf({ CAMPAIGNCTL_WEBHOOK_ALLOW: allow }).webhookAllow).toBe(
      "wfm.corp.example,*.hooks.example,10.1.0.0/16,127.0.0.1,::1,fd00::/8,::ffff:10.0.0.1,localhost"
    )
    const wrong =
      "10.1,https://a.example,a.*.example,*,10.0.0.0/33,fd00::/129,a:1,0x7f.1,256.1.1.1,1::2::3"
    expect(problemsOf({ CAMPAIGNCTL_WEBHOOK_ALLOW: wrong }).map(({ found }) => found)).toEqual(
      wrong.split(",")
    )
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
