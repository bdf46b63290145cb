import { CampaignGateway, type CampaignFilter } from "@campaignctl/core"
import { GatewayWorld } from "@campaignctl/core/testing"
import { Context, Effect, Layer, ManagedRuntime } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { allScopes, Callers, createApp } from "../src/index.ts"
import { memoryServices } from "./support/memoryApp.ts"

/** The division of every campaign in memory, and another. */
const HOME = "44444444-4444-4444-8444-444444444444"
const AWAY = "55555555-5555-4555-8555-555555555555"

describe("a list, where Genesys does not filter by division as it was asked to", () => {
  const runtime = ManagedRuntime.make(memoryServices)
  const asked: Array<CampaignFilter> = []
  let services: Context.Context<Layer.Success<typeof memoryServices>>

  beforeAll(async () => {
    const context = await runtime.context()
    const gateway = Context.get(context, CampaignGateway)
    await Effect.runPromise(
      Context.get(context, GatewayWorld).addCampaign({ name: "Theirs", state: "active" })
    )
    services = Context.add(context, CampaignGateway, {
      ...gateway,
      list: ({ divisionIds, ...filter }) => {
        asked.push({ ...filter, ...(divisionIds === undefined ? {} : { divisionIds }) })
        return gateway.list(filter)
      }
    })
  })
  afterAll(() => runtime.dispose())

  /** What a caller bound to the divisions gets, and what Genesys was asked for. */
  const listed = async (divisionIds: ReadonlyArray<string>, query = "") => {
    asked.length = 0
    const caller = { id: "bound", requestedBy: "bound", scopes: new Set(allScopes), divisionIds }
    const { app, dispose } = createApp({
      layer: Layer.succeedContext(
        Context.add(services, Callers, { open: true, authenticate: () => Effect.succeed(caller) })
      )
    })
    const reply = await app.request(`/v1/campaigns${query}`)
    const text = await reply.text()
    await dispose()
    return { status: reply.status, hasTheirs: text.includes("Theirs"), asked: [...asked] }
  }

  it("still shows a bound caller nothing of others", async () => {
    const home = await listed([HOME])
    assert.deepStrictEqual([home.status, home.hasTheirs], [200, true])
    assert.deepStrictEqual(home.asked[0]?.divisionIds, [HOME])
    const away = await listed([AWAY])
    assert.deepStrictEqual([away.status, away.hasTheirs], [200, false])
    const filtered = await listed([HOME, AWAY], `?division=${AWAY}`)
    assert.deepStrictEqual([filtered.status, filtered.hasTheirs], [200, false])
  })

  it("asks for nothing where the caller may see nothing of it", async () => {
    for (const [divisions, query] of [
      [[AWAY], `?division=${HOME}`],
      [[], ""]
    ] as const) {
      const { asked, hasTheirs, status } = await listed(divisions, query)
      assert.deepStrictEqual([status, hasTheirs, asked], [200, false, []])
    }
  })
})
