import { CampaignGateway, CampaignId } from "@campaignctl/core"
import { jsonLogs } from "@campaignctl/telemetry"
import { Effect, Layer } from "effect"
import { afterAll, assert, beforeAll, describe, it } from "vitest"
import { serve, type Served } from "../src/index.ts"
import { memoryApp, memoryServices } from "./support/memoryApp.ts"

const TRACE = "0af7651916cd43dd8448eb211c80319c"
const PATH = `/v1/campaigns/${CampaignId.make("55555555-5555-4555-8555-000000000001")}`

/** A gateway that has a fault of its own, which no error describes. */
const faulty = Layer.effect(
  CampaignGateway,
  Effect.map(CampaignGateway, (gateway) => ({ ...gateway, get: () => Effect.die("a fault") }))
).pipe(Layer.provide(memoryServices))

describe("what the service logs of a request", () => {
  const lines: Array<string> = []
  let memory: Awaited<ReturnType<typeof memoryApp>>
  let served: Served

  beforeAll(async () => {
    memory = await memoryApp(
      "",
      Layer.mergeAll(
        memoryServices,
        faulty,
        jsonLogs((line) => lines.push(line))
      )
    )
    served = await serve(memory, { host: "127.0.0.1", port: 0 })
  })
  afterAll(async () => {
    await served.close(0)
    await memory.close()
  })

  it.each(["in this process", "over a socket"])(
    "is JSON with the trace of the caller, the span, and the request's id: %s",
    async (way) => {
      lines.length = 0
      const headers = {
        traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
        "x-request-id": "request-4711"
      }
      const answer = await (way === "over a socket"
        ? fetch(`${served.url}${PATH}`, { headers })
        : memory.app.request(PATH, { headers }))
      const problem = JSON.parse(await answer.text())
      assert.deepStrictEqual(
        [answer.status, problem.code, problem.traceId],
        [500, "UNEXPECTED", TRACE]
      )
      assert.lengthOf(lines, 1)
      const line = JSON.parse(lines[0] ?? "")
      assert.deepInclude(line, { level: "error", traceId: TRACE })
      assert.match(line.spanId, /^[0-9a-f]{16}$/)
      assert.include(lines[0], "request-4711")
      // What has gone wrong is for the log alone.
      assert.include(lines[0], "a fault")
      assert.notInclude(JSON.stringify(problem), "a fault")
    }
  )
})
