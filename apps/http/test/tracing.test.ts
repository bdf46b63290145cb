import { otlpReceiver } from "@campaignctl/otlp-receiver"
import { assert, describe, it } from "vitest"
import { canaries } from "./support/canaries.ts"
import { Bench } from "./support/service.ts"

const TRACE = "0af7651916cd43dd8448eb211c80319c"
const CALLER = "b7ad6b7169203331"
const PUT = "PUT /api/v2/outbound/campaigns/:id"

describe("a change over the service, over OTLP", () => {
  it.each(["http/protobuf", "http/json"])(
    "is one trace from the caller, over a conflict and a rate limit, to Genesys: %s",
    async (protocol) => {
      await using receiver = await otlpReceiver()
      await using bench = await Bench.make()
      const { control } = bench.simulator
      const key = await bench.key({ name: "tracer", scopes: ["campaigns:operate"] })
      const service = await bench.start({
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
        OTEL_LOGS_EXPORTER: "none"
      })
      const [queue] = await control.queues()
      await control.agents(queue?.id ?? "", 5)
      const name = "canary-campaign-name"
      const { id } = await control.addCampaign({
        name,
        status: "off",
        queueId: queue?.id ?? "",
        dialingMode: "power"
      })
      await control.fault({ kind: "otherWriter", route: PUT, fields: { callerName: "Another" } })
      await control.fault({ kind: "rateLimited", route: PUT, retryAfter: "1", after: 1 })
      await control.clearLogs()

      const answer = await fetch(`${service.url}/v1/campaigns/${id}/transitions`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          authorization: `Bearer ${key.text}`,
          traceparent: `00-${TRACE}-${CALLER}-01`
        },
        body: JSON.stringify({ target: "active", note: "canary-note" })
      })
      assert.strictEqual(answer.status, 200, service.said)
      assert.strictEqual(await service.end(), 0)

      const spans = receiver.spans().filter(({ traceId }) => traceId === TRACE)
      const byId = new Map(spans.map((span) => [span.spanId, span]))
      // Every span leads up to the one that the caller's request made.
      const tops = spans.filter(({ parentSpanId }) => !byId.has(parentSpanId))
      assert.deepStrictEqual(
        tops.map(({ attributes, kind, name, parentSpanId }) => [
          name,
          kind,
          parentSpanId,
          attributes
        ]),
        [
          [
            "POST /v1/campaigns/{id}/transitions",
            "SPAN_KIND_SERVER",
            CALLER,
            {
              "http.request.method": "POST",
              "http.route": "/v1/campaigns/{id}/transitions",
              "http.response.status_code": 200
            }
          ]
        ]
      )
      // Where the budget has not heard yet that the limit is over, it makes an attempt wait a moment more.
      const counted = Map.groupBy(
        spans.filter(({ attributes }) => attributes["campaignctl.budget.class"] === undefined),
        (span) => span.name
      )
      assert.deepStrictEqual(
        Object.fromEntries([...counted].map(([name, all]) => [name, all.length])),
        {
          "POST /v1/campaigns/{id}/transitions": 1,
          "campaignctl.transition": 1,
          "campaignctl.decide": 3,
          "campaignctl.attempt": 3,
          "campaignctl.wait": 2,
          "campaignctl.ledger.append": 2,
          "GET /api/v2/outbound/campaigns/{campaignId}": 3,
          "POST /api/v2/analytics/queues/observations/query": 3,
          "PUT /api/v2/outbound/campaigns/{campaignId}": 3,
          ...(counted.has("POST /oauth/token") ? { "POST /oauth/token": 1 } : {})
        }
      )
      // What Genesys was told is what was exported; what the watch asks beside it is in no trace.
      const told = (await control.requests()).filter(({ traceparent }) => traceparent !== null)
      assert.isAtLeast(told.length, 9)
      for (const { correlationId, traceparent } of told) {
        const call = spans.find(
          ({ attributes }) => attributes["genesys.correlation_id"] === correlationId
        )
        assert.strictEqual(traceparent, `00-${TRACE}-${call?.spanId}-01`)
      }
      for (const canary of [...canaries, name, "canary-note", `campaigns/${id}`])
        assert.notInclude(receiver.raw(), canary)
    }
  )
})
