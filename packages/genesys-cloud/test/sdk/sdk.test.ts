import { assert, describe, it } from "@effect/vitest"
import fs from "node:fs"
import os from "node:os"
import { vi } from "vitest"
import { loadSdk } from "../../src/sdk/sdk.ts"
import type { WireRequest } from "../../src/wire/Transport.ts"
import { API, json } from "../support/fakeGenesys.ts"

describe("the official SDK", () => {
  it("never reads or watches its configuration in the home directory", async () => {
    const spies = [vi.spyOn(os, "homedir"), vi.spyOn(fs, "watchFile"), vi.spyOn(fs, "readFileSync")]
    const sdk = await loadSdk(API, () => Promise.resolve(json(200, {})))
    await sdk("token", new AbortController().signal).outbound.getOutboundCampaign("id")
    const [home, watched, read] = spies.map(({ mock }) => mock.calls)
    assert.deepStrictEqual(home, [])
    assert.deepStrictEqual(watched, [])
    assert.notInclude(JSON.stringify(read), "genesyscloud")
    vi.restoreAllMocks()
  })

  it("builds addresses with scheme, port and prefix, and encodes what goes into them", async () => {
    const sent: Array<WireRequest> = []
    for (const address of [
      "http://127.0.0.1:8080",
      "https://gateway.example/a/b",
      "http://[::1]:81"
    ]) {
      const sdk = await loadSdk(address, (request) => {
        sent.push(request)
        return Promise.resolve(json(200, {}))
      })
      const session = sdk("token", new AbortController().signal)
      await session.outbound.getOutboundCampaigns({
        id: ["a", "b"],
        name: "R&D 50%",
        filterType: "Prefix"
      })
      await session.outbound.getOutboundCampaign("../x?y")
    }
    assert.deepStrictEqual(
      sent.map(({ url }) => url),
      ["http://127.0.0.1:8080", "https://gateway.example/a/b", "http://[::1]:81"].flatMap(
        (address) => [
          `${address}/api/v2/outbound/campaigns?filterType=Prefix&name=R%26D+50%25&id=a%2Cb`,
          `${address}/api/v2/outbound/campaigns/..%2Fx%3Fy`
        ]
      )
    )
  })

  it("keeps the tokens of two sessions apart", async () => {
    const seen: Array<string | undefined> = []
    const sdk = await loadSdk(API, (request) => {
      seen.push(request.headers["Authorization"])
      return Promise.resolve(json(200, {}))
    })
    const signal = new AbortController().signal
    const [one, two] = [sdk("one", signal), sdk("two", signal)]
    await Promise.all([
      one.outbound.getOutboundCampaign("id"),
      two.outbound.getOutboundCampaign("id")
    ])
    await one.call("GET", "/api/v2/anything", {})
    assert.deepStrictEqual(seen, ["Bearer one", "Bearer two", "Bearer one"])
  })
})
