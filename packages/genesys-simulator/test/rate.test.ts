import { expect, it } from "vitest"
import { connect } from "./support/connect.ts"
import { withSimulator } from "./support/withSimulator.ts"

const PATH = "/outbound/campaigns?pageSize=1"

it(
  "counts requests in a minute that starts with the first, and tells so on every answer",
  withSimulator({ ratePerMinute: 3 }, async (simulator) => {
    const call = await connect(simulator)
    const seen = []
    for (let index = 0; index < 4; index += 1) {
      const { status, headers } = await call("GET", PATH)
      const header = (name: string) => headers.get(`inin-ratelimit-${name}`)
      seen.push([
        status,
        header("count"),
        header("allowed"),
        header("reset"),
        headers.get("retry-after")
      ])
      await simulator.control.advance(10)
    }
    expect(seen).toEqual([
      [200, "1", "3", "60", null],
      [200, "2", "3", "50", null],
      [200, "3", "3", "40", null],
      [429, "4", "3", "30", "30"]
    ])
    const refused = await call("GET", PATH)
    expect(refused.body).toEqual({
      message: "Rate limit exceeded the maximum. Retry the request in [20] seconds",
      code: "too.many.requests.retry.after",
      status: 429,
      contextId: refused.headers.get("inin-correlation-id"),
      details: [],
      errors: []
    })
    await simulator.control.advance(20)
    expect((await call("GET", PATH)).status).toBe(200)
  })
)

it(
  "counts each token for itself, and not at all when switched off",
  withSimulator({ ratePerMinute: 1 }, async (simulator) => {
    const [first, second] = [await connect(simulator), await connect(simulator)]
    const statuses = []
    for (const call of [first, second, first]) statuses.push((await call("GET", PATH)).status)
    await simulator.control.rate(null)
    const free = await first("GET", PATH)
    expect([...statuses, free.status]).toEqual([200, 200, 429, 200])
    expect(free.headers.has("inin-ratelimit-count")).toBe(false)
  })
)
