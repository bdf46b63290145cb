import { expect, it } from "vitest"
import { campaignPath, connect, named } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

it(
  "lives by itself on a real clock: calls end and a drain is over without being advanced",
  withSimulator({ clock: { mode: "real", speed: 50 }, ratePerMinute: null }, async (simulator) => {
    const call = await connect(simulator)
    const path = campaignPath(named(simulator, "Spring"))
    const { body } = await call("GET", path)
    await call("PUT", path, { body: { ...body, campaignStatus: "off" } })
    const seen = new Set<string>()
    while (!seen.has("off")) seen.add((await call("GET", path)).body.campaignStatus)
    expect([...seen]).toEqual(["stopping", "off"])
  })
)

it(
  "can be pushed forward on a real clock too",
  withSimulator({ clock: { mode: "real" } }, async (simulator) => {
    const id = named(simulator, "Spring")
    await simulator.control.changeCampaign(id, { turn: "off" })
    await simulator.control.advance(10)
    expect((await simulator.control.campaign(id)).status).toBe("off")
  })
)
