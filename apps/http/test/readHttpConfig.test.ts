import { Result } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { httpConfigPages, readHttpConfig } from "../src/index.ts"

const OIDC = {
  CAMPAIGNCTL_OIDC_ISSUER: "https://id.example.com/realms/one",
  CAMPAIGNCTL_OIDC_AUDIENCE: "campaignctl"
}

describe("the service's configuration", () => {
  it("has a default for everything that needs one", () => {
    const config = Result.getOrThrow(readHttpConfig({}))
    assert.deepStrictEqual(config, {
      host: "127.0.0.1",
      port: 4020,
      requireIfMatch: false,
      bodyLimit: 65_536,
      ratePerMinute: 600,
      shutdownSeconds: 25,
      runner: { port: 4021 }
    })
  })

  it("takes the environment first and the profile after it", () => {
    const config = Result.getOrThrow(
      readHttpConfig(
        { ...OIDC, CAMPAIGNCTL_HTTP_PORT: "1" },
        { CAMPAIGNCTL_HTTP_PORT: 2, CAMPAIGNCTL_REQUIRE_IF_MATCH: true }
      )
    )
    assert.strictEqual(config.port, 1)
    assert.strictEqual(config.requireIfMatch, true)
    assert.deepStrictEqual(config.oidc, {
      issuer: OIDC.CAMPAIGNCTL_OIDC_ISSUER,
      audience: "campaignctl"
    })
  })

  it("lists every problem at once", () => {
    const failure = Result.getOrThrow(
      Result.flip(
        readHttpConfig({
          CAMPAIGNCTL_HTTP_HOST: "not a host",
          CAMPAIGNCTL_HTTP_PORT: "99999",
          CAMPAIGNCTL_OIDC_ISSUER: "http://id.example.com",
          CAMPAIGNCTL_REQUIRE_IF_MATCH: "yes",
          CAMPAIGNCTL_SHUTDOWN_SECONDS: "-1"
        })
      )
    )
    assert.deepStrictEqual(failure.problems.map(({ key }) => key).toSorted(), [
      "CAMPAIGNCTL_HTTP_HOST",
      "CAMPAIGNCTL_HTTP_PORT",
      "CAMPAIGNCTL_OIDC_ISSUER",
      "CAMPAIGNCTL_REQUIRE_IF_MATCH",
      "CAMPAIGNCTL_SHUTDOWN_SECONDS"
    ])
  })

  it("wants issuer and audience together", () => {
    for (const [key, value] of Object.entries(OIDC))
      assert.isTrue(Result.isFailure(readHttpConfig({ [key]: value })), key)
  })

  it("never throws, and names only values that there are", () => {
    const keys = httpConfigPages.map(({ key }) => key)
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...keys), fc.string({ unit: "binary" })), (env) => {
        const read = readHttpConfig(env)
        if (Result.isSuccess(read)) return
        for (const { key } of read.failure.problems) assert.include(keys, key)
      }),
      { numRuns: 2_000 }
    )
  })
})
