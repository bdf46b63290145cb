import { otlpReceiver } from "@campaignctl/otlp-receiver"
import { describe, expect, it } from "vitest"
import { useWorld } from "../support/World.ts"

const world = useWorld()

const TRACE = "0af7651916cd43dd8448eb211c80319c"
const CALLER = "b7ad6b7169203331"

describe("a traced command", () => {
  it("exports its spans as a part of the trace that the environment names", async () => {
    await using receiver = await otlpReceiver()
    const id = world().idOf("Spring Renewals UK")
    const env = world().env("platform", {
      TRACEPARENT: `00-${TRACE}-${CALLER}-01`,
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_LOGS_EXPORTER: "none"
    })
    const ran = await world().run(["pause", id, "--reason", "OTHER", "--note", "canary-note"], env)
    expect(ran).toMatchObject({ exitCode: 0 })
    const spans = receiver.spans()
    expect([...new Set(spans.map(({ traceId }) => traceId))]).toEqual([TRACE])
    const ids = new Set(spans.map(({ spanId }) => spanId))
    expect(
      spans
        .filter(({ parentSpanId }) => !ids.has(parentSpanId))
        .map(({ attributes, name, parentSpanId }) => ({ attributes, name, parentSpanId }))
    ).toEqual([
      {
        name: "campaignctl.command",
        parentSpanId: CALLER,
        attributes: { "process.exit.code": 0 }
      }
    ])
    expect(spans.map(({ name }) => name)).toContain("campaignctl.transition")
    expect(receiver.metrics().map(({ name }) => name)).toContain("campaignctl.transitions")
    expect(receiver.raw()).not.toContain("canary")
    // The ledger names the trace.
    const audit = await world().json(["audit", "list"], env)
    expect(JSON.stringify(audit.document)).toContain(TRACE)
  })

  it("is not held up by a collector that is not there, and says so on stderr alone", async () => {
    const env = world().env("platform", { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" })
    const ran = await world().json(["get"], env)
    expect(ran).toMatchObject({ exitCode: 0 })
    expect(ran.stderr).toContain("Telemetry is not complete")
  })
})
