import { ConfigInvalid, hostOfRegion, regionHosts } from "@campaignctl/core"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { DEFAULT_REQUEST_TIMEOUT_MS } from "../src/index.ts"
import { type GenesysOptions, settingsOf } from "../src/options.ts"

const options: GenesysOptions = {
  contract: "platform",
  clientId: "id",
  clientSecret: Redacted.make("a secret")
}

describe("regions", () => {
  it("are found by host, by address and by AWS name", () => {
    for (const [name, host] of Object.entries(regionHosts))
      for (const spelling of [
        host,
        `https://api.${host}/`,
        `login.${host}`,
        name,
        name.replaceAll("_", "-")
      ])
        assert.strictEqual(hostOfRegion(spelling), host, spelling)
  })

  it("are not invented", () => {
    for (const region of [
      "",
      "eu-west-9",
      "example.com",
      "pure.cloud",
      "mypurecloud.ie.example.com"
    ])
      assert.isUndefined(hostOfRegion(region), region)
  })
})

describe("options", () => {
  it.effect("default to the region's hosts", () =>
    Effect.gen(function* () {
      const settings = yield* settingsOf({ ...options, region: "eu-central-1" })
      assert.strictEqual(settings.apiUrl, "https://api.mypurecloud.de")
      assert.strictEqual(settings.loginUrl, "https://login.mypurecloud.de")
      assert.strictEqual(settings.requestTimeoutMs, DEFAULT_REQUEST_TIMEOUT_MS)
    })
  )

  it.effect("keep a port and a path prefix", () =>
    Effect.gen(function* () {
      const { apiUrl } = yield* settingsOf({
        ...options,
        apiUrl: "http://gateway.example:8080/genesys/"
      })
      assert.strictEqual(apiUrl, "http://gateway.example:8080/genesys")
    })
  )

  it.effect(
    "are refused with every problem at once, and no address that may hold a secret is shown",
    () =>
      Effect.gen(function* () {
        const error = yield* Effect.flip(
          settingsOf({
            ...options,
            region: "atlantis",
            apiUrl: "https://me:hunter2@api.example",
            clientSecret: Redacted.make(""),
            requestTimeoutMs: Number.NaN
          })
        )
        assert.instanceOf(error, ConfigInvalid)
        assert.deepStrictEqual(
          error.problems.map(({ key }) => key),
          ["region", "apiUrl", "clientSecret", "requestTimeoutMs"]
        )
        assert.notInclude(error.message, "hunter2")
      })
  )
})
