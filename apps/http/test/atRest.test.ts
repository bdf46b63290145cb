import { assert, describe, it } from "vitest"
import { clientOf } from "./support/checked.ts"
import { pause } from "./support/divided.ts"
import { Bench } from "./support/service.ts"

/** Milliseconds between two looks. */
const LOOK_MS = 20
/** Milliseconds for which a service at rest is looked at: longer than anything that polls Genesys would wait. */
const REST_MS = 3_000

describe("a service at rest", () => {
  it("hears of every campaign, and asks Genesys nothing more", async () => {
    await using bench = await Bench.make()
    const service = await bench.start()
    const api = await clientOf(service.url)
    const watch = async () => (await api("GET", "/v1/watch")).body
    while ((await watch()).covered !== (await bench.simulator.control.state()).campaigns.length)
      await pause(LOOK_MS)
    const { eventsAvailable, watches } = await watch()
    assert.deepStrictEqual([watches, eventsAvailable], [true, true])
    // The list that comes after the cover is the last.
    await pause(REST_MS)
    const requests = await bench.simulator.control.requests()
    const counted = Map.groupBy(
      requests,
      ({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/, ":id")}`
    )
    const counts = Object.fromEntries([...counted].map(([line, all]) => [line, all.length]))
    console.log("asked to come to rest", counts)
    await pause(REST_MS)
    const later = await bench.simulator.control.requests()
    assert.deepStrictEqual(
      later.slice(requests.length).map(({ path }) => path),
      []
    )
  })

  it("lists nothing where it is told not to watch", async () => {
    await using bench = await Bench.make()
    const service = await bench.start({ CAMPAIGNCTL_WATCH: "off" })
    const api = await clientOf(service.url)
    await pause(REST_MS)
    assert.deepStrictEqual((await api("GET", "/v1/watch")).body, {
      watches: false,
      seenAt: null,
      eventsAvailable: false,
      campaigns: null,
      covered: null,
      listedAt: null
    })
    assert.deepStrictEqual(await bench.simulator.control.requests(), [])
  })
})
