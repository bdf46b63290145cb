import { readFileSync } from "node:fs"
import { assert, describe, it } from "@effect/vitest"
import { onEveryFailure, type SpanPage, spans } from "@campaignctl/core"
import type { ControlClient } from "@campaignctl/genesys-simulator"
import { type Definition, definitions, prometheusName, renderTelemetryTable } from "../src/index.ts"
import { otlpReceiver, type ReceivedSpan } from "@campaignctl/otlp-receiver"
import { runTraced } from "./support/runTraced.ts"
import { simulatorProcess } from "./support/simulatorProcess.ts"

const README = readFileSync(new URL("../README.md", import.meta.url), "utf8")
const IN_README = /<!-- table -->\n\n?([\s\S]*?)\n?<!-- \/table -->/

const PUT = "PUT /api/v2/outbound/campaigns/:id"
/** What the run meets: another writer, a rate limit for each campaign, a token that is revoked. */
const trouble = async (control: ControlClient, idle: string, running: string): Promise<void> => {
  await control.fault({
    kind: "otherWriter",
    route: PUT,
    campaignId: idle,
    fields: { callerName: "Somebody else" }
  })
  await control.fault({
    kind: "rateLimited",
    route: PUT,
    campaignId: idle,
    retryAfter: "1",
    after: 1
  })
  await control.fault({ kind: "rateLimited", route: PUT, campaignId: running, retryAfter: "1" })
  await control.fault({
    kind: "revokeToken",
    route: "GET /api/v2/outbound/campaigns/:id",
    campaignId: running
  })
}

const pages: ReadonlyArray<SpanPage> = Object.values(spans)

/** The page that a span belongs to: by its name, or by the attributes that its name is made of. */
const pageOf = ({ attributes, name }: ReceivedSpan): SpanPage | undefined =>
  pages.find(
    (page) =>
      page.name.replaceAll(/\{([\w.]+)\}/g, (_, attribute: string) =>
        String(attributes[attribute])
      ) === name
  )

const names = (list: Iterable<string>): ReadonlyArray<string> => [...new Set(list)].toSorted()
const eventNames = (events: ReadonlyArray<readonly [string, object]>): ReadonlyArray<string> =>
  names(
    events.flatMap(([event, attributes]) =>
      Object.keys(attributes).map((name) => `${event} ${name}`)
    )
  )

describe("the documented table", () => {
  it("is what the code says", () => {
    assert.strictEqual(IN_README.exec(README)?.[1], renderTelemetryTable())
  })

  it("is what a run emits: nothing less, and nothing more", async () => {
    await using simulator = await simulatorProcess()
    await using receiver = await otlpReceiver()
    const { campaign, control } = simulator
    await trouble(control, campaign("Winback Lapsed Customers"), campaign("Spring Renewals UK"))
    const done = await runTraced(simulator, "everything", {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_LOGS_EXPORTER: "none"
    })

    const failures = { attributes: new Set<string>(), events: new Map<string, object>() }
    const seen = Map.groupBy(receiver.spans(), pageOf)
    assert.deepStrictEqual(
      seen.get(undefined)?.map(({ name }) => name),
      undefined
    )
    for (const page of pages) {
      const ofPage = seen.get(page) ?? []
      assert.isNotEmpty(ofPage, page.name)
      const attributes = ofPage.flatMap((span) => Object.keys(span.attributes))
      const events = ofPage.flatMap((span) => span.events)
      const failing = (name: string) =>
        name in onEveryFailure.attributes && !(name in page.attributes)
      for (const name of attributes.filter(failing)) failures.attributes.add(name)
      for (const event of events.filter(({ name }) => name in onEveryFailure.events))
        failures.events.set(event.name, { ...failures.events.get(event.name), ...event.attributes })
      assert.deepStrictEqual(
        names(attributes.filter((name) => !failing(name))),
        names(Object.keys(page.attributes)),
        page.name
      )
      assert.deepStrictEqual(
        eventNames(
          events
            .filter(({ name }) => !(name in onEveryFailure.events))
            .map((event) => [event.name, event.attributes])
        ),
        eventNames(Object.entries(page.events ?? {})),
        page.name
      )
    }
    assert.deepStrictEqual(
      names(failures.attributes),
      names(Object.keys(onEveryFailure.attributes))
    )
    assert.deepStrictEqual(
      eventNames([...failures.events]),
      eventNames(Object.entries(onEveryFailure.events))
    )

    const halt = receiver.spans().find(({ name }) => name === spans.halt.name)
    const within = (name: string) =>
      receiver.spans().filter((span) => span.traceId === halt?.traceId && span.name === name)
    assert.deepStrictEqual(
      within(spans.operation.name).map(({ spanId }) => spanId),
      [halt?.parentSpanId]
    )
    assert.isNotEmpty(
      within("POST /api/v2/outbound/campaigns/{campaignId}/stop"),
      "what a halt sends is in its trace"
    )

    const metrics: ReadonlyArray<Definition> = Object.values(definitions)
    const kinds = { sum: "counter", gauge: "gauge", histogram: "histogram" } as const
    assert.deepStrictEqual(
      receiver
        .metrics()
        .map(({ description, kind, name, points, unit }) => ({
          name,
          kind: kinds[kind],
          unit,
          description,
          labels: names(points.flatMap(({ attributes }) => Object.keys(attributes)))
        }))
        .toSorted((a, b) => a.name.localeCompare(b.name)),
      metrics
        .map(({ description, kind, labels, name, unit }) => ({
          name,
          kind,
          unit,
          description,
          labels: names(Object.keys(labels))
        }))
        .toSorted((a, b) => a.name.localeCompare(b.name))
    )
    const types = [...done.metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(
      ([, name, kind]) => `${name} ${kind}`
    )
    assert.deepStrictEqual(
      names(types),
      names(metrics.map((metric) => `${prometheusName(metric)} ${metric.kind}`))
    )
    assertCounted(done.metrics, receiver.metrics())
  })
})

/** Both ways of reading say the same of every counter and gauge. */
const assertCounted = (
  text: string,
  metrics: ReadonlyArray<{
    name: string
    kind: string
    points: ReadonlyArray<{ attributes: object; value: number }>
  }>
): void => {
  const lines = new Set(text.split("\n"))
  for (const definition of Object.values(definitions)) {
    const received = metrics.find(({ name }) => name === definition.name)
    assert.isDefined(received, definition.name)
    for (const { attributes, value } of received.points) {
      const labels = Object.entries(attributes).map(([name, of]) => `${name}="${String(of)}"`)
      const suffix = definition.kind === "histogram" ? "_count" : ""
      const line = `${prometheusName(definition)}${suffix}${labels.length === 0 ? "" : `{${labels.join(",")}}`} ${value}`
      assert.isTrue(lines.has(line), `${line}\n${text}`)
    }
  }
}
