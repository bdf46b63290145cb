import { once } from "node:events"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import type { ControlClient } from "@campaignctl/genesys-simulator"
import { otlpReceiver, type OtlpReceiver, type ReceivedSpan } from "@campaignctl/otlp-receiver"
import { runTraced } from "./support/runTraced.ts"
import { CANARY_SECRET, simulatorProcess } from "./support/simulatorProcess.ts"

const TRACE = "0af7651916cd43dd8448eb211c80319c"
const CALLER = "b7ad6b7169203331"
const TRACEPARENT = `00-${TRACE}-${CALLER}-01`
const PUT = "PUT /api/v2/outbound/campaigns/:id"

/** A conflict with another writer at the first attempt, a rate limit at the second. */
const trouble = async (control: ControlClient): Promise<void> => {
  await control.fault({ kind: "otherWriter", route: PUT, fields: { callerName: "Somebody else" } })
  await control.fault({ kind: "rateLimited", route: PUT, retryAfter: "1", after: 1 })
}

const exportingTo = ({ url }: OtlpReceiver, protocol: string) => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: url,
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_LOGS_EXPORTER: "none"
})

const tree = (spans: ReadonlyArray<ReceivedSpan>) => ({
  childrenOf: (parent: string) => spans.filter(({ parentSpanId }) => parentSpanId === parent),
  only: (name: string): ReceivedSpan => {
    const [span, ...others] = spans.filter((each) => each.name === name)
    assert.isDefined(span, name)
    assert.lengthOf(others, 0, name)
    return span
  }
})

const GET_CAMPAIGN = "GET /api/v2/outbound/campaigns/{campaignId}"
const PUT_CAMPAIGN = "PUT /api/v2/outbound/campaigns/{campaignId}"
const OBSERVE = "POST /api/v2/analytics/queues/observations/query"

describe("one activation with a conflict and a rate limit, over OTLP", () => {
  for (const protocol of ["http/protobuf", "http/json"])
    it(`is one trace from the caller to Genesys: ${protocol}`, async () => {
      await using simulator = await simulatorProcess()
      await using receiver = await otlpReceiver()
      await trouble(simulator.control)
      const done = await runTraced(
        simulator,
        "activation",
        exportingTo(receiver, protocol),
        TRACEPARENT
      )
      const spans = receiver.spans()
      const { childrenOf, only } = tree(spans)

      assert.deepStrictEqual([...new Set(spans.map(({ traceId }) => traceId))], [TRACE])
      assert.deepStrictEqual(
        [...receiver.contentTypes],
        [protocol === "http/json" ? "application/json" : "application/x-protobuf"]
      )

      const server = only("POST /v1/campaigns/{id}/transitions")
      assert.strictEqual(server.kind, "SPAN_KIND_SERVER")
      assert.strictEqual(server.parentSpanId, CALLER)
      const run = only("campaignctl.transition")
      assert.strictEqual(run.parentSpanId, server.spanId)
      assert.deepInclude(run.attributes, {
        "campaignctl.target": "active",
        "campaignctl.outcome": "Applied",
        "campaignctl.attempts": 3,
        "campaignctl.audit.sequence": done.sequence
      })

      // Read, decide, try; three times over, with a wait in between.
      assert.deepStrictEqual(
        childrenOf(run.spanId)
          .filter(({ name }) => name.startsWith("campaignctl."))
          .map(({ attributes, name }) => [
            name,
            attributes["campaignctl.result"] ??
              attributes["campaignctl.wait.cause"] ??
              attributes["campaignctl.outcome"]
          ]),
        [
          ["campaignctl.decide", "allowed"],
          ["campaignctl.attempt", "LockConflict"],
          ["campaignctl.wait", "conflict"],
          ["campaignctl.decide", "allowed"],
          ["campaignctl.attempt", "RateLimited"],
          ["campaignctl.wait", "rate-limit"],
          ["campaignctl.decide", "allowed"],
          ["campaignctl.attempt", "Applied"]
        ]
      )
      const attempts = spans.filter(({ name }) => name === "campaignctl.attempt")
      const locks = attempts.map(({ attributes }) => attributes["campaignctl.lock"])
      assert.notStrictEqual(locks[0], locks[1], "the second attempt is under another lock")
      assert.deepStrictEqual(
        attempts.map(({ spanId }) =>
          childrenOf(spanId).map(({ attributes, name, status }) => [
            name,
            attributes["http.response.status_code"] ?? attributes["campaignctl.audit.kind"],
            status
          ])
        ),
        [
          [
            ["campaignctl.ledger.append", "intent", "STATUS_CODE_OK"],
            [PUT_CAMPAIGN, 409, "STATUS_CODE_ERROR"]
          ],
          [[PUT_CAMPAIGN, 429, "STATUS_CODE_ERROR"]],
          [
            [PUT_CAMPAIGN, 200, "STATUS_CODE_OK"],
            ["campaignctl.ledger.append", "outcome", "STATUS_CODE_OK"]
          ]
        ]
      )

      for (const decision of spans.filter(({ name }) => name === "campaignctl.decide")) {
        assert.deepStrictEqual(
          decision.events.map(({ attributes, name }) => [
            name,
            attributes["campaignctl.guard"],
            attributes["campaignctl.verdict"]
          ]),
          [
            ["verdict", "matrix", "passed"],
            ["verdict", "pauseReason", "skipped"],
            ["verdict", "hold", "passed"],
            ["verdict", "capacity", "passed"],
            ["verdict", "callingWindow", "passed"],
            ["verdict", "slots", "skipped"]
          ]
        )
        assert.deepStrictEqual(
          childrenOf(decision.spanId).map(({ name }) => name),
          [OBSERVE]
        )
      }

      // What Genesys received names the very span that was exported, and its correlation id.
      const requests = await simulator.control.requests()
      const calls = spans.filter(({ kind }) => kind === "SPAN_KIND_CLIENT")
      assert.deepStrictEqual(
        requests.map(({ correlationId, status, traceparent }) => ({
          correlationId,
          status,
          traceparent
        })),
        requests.map(({ correlationId }) => {
          const call = calls.find(
            ({ attributes }) => attributes["genesys.correlation_id"] === correlationId
          )
          assert.isDefined(call, correlationId)
          return {
            correlationId,
            status: Number(call.attributes["http.response.status_code"]),
            traceparent: `00-${TRACE}-${call.spanId}-01`
          }
        })
      )
      assert.lengthOf(calls, requests.length)
      assert.deepStrictEqual(
        calls.map(({ name }) => name).toSorted(),
        [
          "POST /oauth/token",
          ...[GET_CAMPAIGN, OBSERVE, PUT_CAMPAIGN].flatMap((name) => [name, name, name])
        ].toSorted()
      )

      // The ledger knows the trace.
      assert.deepStrictEqual([...new Set(done.traceIds)], [TRACE])
    })

  it("tells no secret, no note, no person, no id in a path, and nothing of the host", async () => {
    await using simulator = await simulatorProcess()
    await using receiver = await otlpReceiver()
    await trouble(simulator.control)
    const done = await runTraced(simulator, "everything", exportingTo(receiver, "http/json"))
    const sent = receiver.raw()
    assert.include(sent, "campaignctl.transition")
    for (const canary of [
      CANARY_SECRET,
      "canary-note",
      "operator@example.com",
      "Winback",
      "whsec_",
      "Bearer",
      "Basic ",
      "/campaigns/0",
      "process.command",
      "process.owner",
      "    at ",
      "file:",
      "host."
    ])
      assert.notInclude(`${sent}\n${done.stderr}`, canary)
    assert.notMatch(sent, /campaigns\/[0-9a-f]{8}-/)
    assert.deepStrictEqual(
      [
        ...new Set(
          receiver.resources().map((resource) => JSON.stringify(Object.keys(resource).toSorted()))
        )
      ],
      ['["service.name","telemetry.sdk.language","telemetry.sdk.name","telemetry.sdk.version"]']
    )
  })

  it("continues the trace that the environment names", async () => {
    await using simulator = await simulatorProcess()
    await using receiver = await otlpReceiver()
    await runTraced(simulator, "activation", {
      ...exportingTo(receiver, "http/protobuf"),
      TRACEPARENT,
      TRACESTATE: "vendor=1"
    })
    const server = tree(receiver.spans()).only("POST /v1/campaigns/{id}/transitions")
    assert.deepInclude(server, { traceId: TRACE, parentSpanId: CALLER })
  })
})

describe("telemetry that nobody asked for", () => {
  for (const [why, env] of [
    ["no endpoint is named", {}],
    ["the SDK is disabled", { OTEL_SDK_DISABLED: "true", OTEL_TRACES_EXPORTER: "otlp" }],
    ["every exporter is none", { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" }]
  ] as const)
    it(`loads nothing of OpenTelemetry: ${why}`, async () => {
      await using simulator = await simulatorProcess()
      const done = await runTraced(simulator, "activation", env, TRACEPARENT)
      assert.deepInclude(done, { exporting: false, loaded: [], stderr: "" })
      // The caller's trace is passed on all the same, and in the ledger.
      assert.deepStrictEqual([...new Set(done.traceIds)], [TRACE])
      const requests = await simulator.control.requests()
      assert.deepStrictEqual(
        [...new Set(requests.map(({ traceparent }) => traceparent))],
        [TRACEPARENT]
      )
      assert.include(
        done.metrics,
        'campaignctl_transitions_total{target="active",outcome="Applied"} 1'
      )
    })
})

describe("a collector that is not there", () => {
  it("fails nothing, and is said once", async () => {
    await using simulator = await simulatorProcess()
    const done = await runTraced(simulator, "activation", {
      OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
      OTEL_EXPORTER_OTLP_TIMEOUT: "500",
      OTEL_LOGS_EXPORTER: "none"
    })
    assert.isTrue(done.exporting)
    const lines = done.stderr.trim().split("\n")
    assert.lengthOf(lines, 1)
    assert.deepInclude(JSON.parse(lines[0] ?? ""), { level: "warn" })
  })

  it.each(["", "debug"])(
    "may refuse and repeat the key that it was sent: no line has it, with OTEL_LOG_LEVEL=%j",
    async (level) => {
      await using simulator = await simulatorProcess()
      const collector = createServer((request, answer) => {
        answer.writeHead(401).end(`not let in: ${request.headers.authorization} ${request.url}`)
      })
      collector.listen(0, "127.0.0.1")
      await once(collector, "listening")
      const { port } = collector.address() as AddressInfo // it listens on TCP
      const done = await runTraced(simulator, "activation", {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}/canary-path`,
        OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer%20canary-key",
        // Sent one by one, so that a refusal is met before the end.
        OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "1",
        OTEL_LOGS_EXPORTER: "none",
        ...(level === "" ? {} : { OTEL_LOG_LEVEL: level })
      })
      collector.close()
      collector.closeAllConnections()
      assert.notInclude(done.stderr, "canary")
      // Nothing but lines of JSON, none of them with a stack, and no other line among the results.
      const lines = done.stderr
        .trim()
        .split("\n")
        .map((line) => String(JSON.parse(line).message))
      assert.isNotEmpty(lines)
      for (const line of lines) assert.notMatch(line, /node_modules|\bat /)
      assert.isTrue(
        lines.some((line) => /401 Unauthorized/.test(line)),
        lines.join("\n")
      )
      assert.isTrue(level === "" ? lines.length === 1 : lines.length > 1)
    }
  )
})
