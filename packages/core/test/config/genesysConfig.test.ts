import { Result } from "effect"
import { describe, expect, it } from "vitest"
import { defaultRetryPolicy, parseConfig, regionHosts } from "../../src/index.ts"
import { configOf, type Env, keysOf } from "./configOf.ts"

describe("where Genesys is", () => {
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

  it("has the client wait no longer for the rate limit than the deadline allows", () => {
    const patience = (ms: string) =>
      configOf({ CAMPAIGNCTL_RETRY_DEADLINE_MS: ms }).genesys.pacingPatienceMs
    expect(patience("8000")).toBe(8_000)
    expect(patience("60999")).toBe(60_999)
    expect(patience("61000")).toBeUndefined()
    expect(patience(String(defaultRetryPolicy.deadlineMs))).toBeUndefined()
  })

  it("never sends credentials to a login that was not meant", () => {
    expect(keysOf({ GENESYS_API_URL: "https://gateway.example.com" })).toEqual([
      "GENESYS_LOGIN_URL"
    ])
    expect(keysOf({ GENESYS_LOGIN_URL: "https://login.example.com" })).toEqual(["GENESYS_API_URL"])
  })
})
