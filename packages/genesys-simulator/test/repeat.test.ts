import { expect, it } from "vitest"
import { startSimulator } from "../src/index.ts"
import { listenTo } from "./support/channel.ts"
import { campaignPath, connect, named } from "./support/connect.ts"

/** One course of events over real sockets, faults included, and all that was recorded of it. */
const record = async (seed: number) => {
  const simulator = await startSimulator({ clock: { mode: "manual" }, seed })
  try {
    const { control } = simulator
    const call = await connect(simulator)
    const path = campaignPath(named(simulator, "Spring"))
    const { news } = await listenTo(call, named(simulator, "Spring"))
    await control.channelFault({ kind: "swapEvent", after: 1 })
    await control.fault({ kind: "otherWriter", method: "PUT", status: "stopping" })
    const { body } = await call("GET", path)
    await call("PUT", path, { body: { ...body, campaignStatus: "off" } })
    await control.advance(20)
    await call("POST", `${path}/start`)
    await control.advance(20)
    await control.fault({ kind: "status", code: "request.timeout", when: "after" })
    await call("POST", `${path}/stop`)
    await control.advance(20)
    const logs = [await control.requests(), await control.writes(), await control.state()]
    return [...logs, await control.channels(), await news()]
  } finally {
    await simulator.close()
  }
}

it("repeats a run exactly: requests, writes, ids, events, and the whole organisation", async () => {
  const [first, second, other] = [await record(7), await record(7), await record(8)]
  expect(second).toEqual(first)
  expect(other).not.toEqual(first)
})
