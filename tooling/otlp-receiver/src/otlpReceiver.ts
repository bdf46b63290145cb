import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import type { AddressInfo } from "node:net"
import { gunzipSync } from "node:zlib"
import {
  type Attributes,
  attributesOf,
  decoderOf,
  type ExportedMetrics,
  type ExportedTraces,
  hexOf
} from "./decodeOtlp.ts"

export interface ReceivedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly name: string
  readonly kind: string
  readonly status: string
  readonly attributes: Attributes
  readonly events: ReadonlyArray<{ readonly name: string; readonly attributes: Attributes }>
}

export interface ReceivedMetric {
  readonly name: string
  readonly unit: string
  readonly description: string
  readonly kind: "sum" | "gauge" | "histogram"
  readonly points: ReadonlyArray<{ readonly attributes: Attributes; readonly value: number }>
}

const bodyOf = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Array<Buffer> = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // a request in its default mode gives buffers
  const body = Buffer.concat(chunks)
  return request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body
}

const spansOf = ({ resourceSpans }: ExportedTraces): ReadonlyArray<ReceivedSpan> =>
  resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans)
    .flatMap(({ spans }) => spans)
    .map(({ attributes, events = [], kind, name, parentSpanId, spanId, status, traceId }) => ({
      traceId: hexOf(traceId),
      spanId: hexOf(spanId),
      parentSpanId: hexOf(parentSpanId),
      name,
      kind,
      status: status?.code ?? "STATUS_CODE_UNSET",
      attributes: attributesOf(attributes),
      events: events.map((event) => ({
        name: event.name,
        attributes: attributesOf(event.attributes)
      }))
    }))

const metricsOf = ({ resourceMetrics }: ExportedMetrics): ReadonlyArray<ReceivedMetric> =>
  resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ description, gauge, histogram, name, sum, unit }) =>
      Object.entries({ sum, gauge, histogram }).flatMap(([kind, points]) =>
        points === undefined
          ? []
          : [
              {
                name,
                unit,
                description,
                kind: kind as ReceivedMetric["kind"], // a key of the object above
                points: points.dataPoints.map(({ asDouble, asInt, attributes, count }) => ({
                  attributes: attributesOf(attributes),
                  value: Number(asDouble ?? asInt ?? count)
                }))
              }
            ]
      )
    )

/** A collector that speaks OTLP over HTTP in protobuf and in JSON, and keeps what it is sent. */
export const otlpReceiver = async () => {
  const [decodeTraces, decodeMetrics] = await Promise.all([
    decoderOf<ExportedTraces>("trace", "ExportTraceServiceRequest"),
    decoderOf<ExportedMetrics>("metrics", "ExportMetricsServiceRequest")
  ])
  const contentTypes = new Set<string>()
  const bytes: Array<string> = []
  const traces: Array<ExportedTraces> = []
  const metrics: Array<ExportedMetrics> = []

  const receive = async (request: IncomingMessage): Promise<void> => {
    const contentType = request.headers["content-type"] ?? ""
    const body = await bodyOf(request)
    contentTypes.add(contentType)
    bytes.push(body.toString("latin1"))
    if (request.url === "/v1/traces") traces.push(decodeTraces(contentType, body))
    else if (request.url === "/v1/metrics") metrics.push(decodeMetrics(contentType, body))
    else throw new Error(`nothing is received at ${request.url}`)
  }
  const server = createServer((request, response) => {
    const contentType = request.headers["content-type"] ?? "application/json"
    void receive(request).then(
      () =>
        response
          .writeHead(200, { "content-type": contentType })
          .end(contentType === "application/json" ? "{}" : ""),
      (error: unknown) => response.writeHead(400).end(String(error))
    )
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as AddressInfo // it listens on TCP

  return {
    url: `http://127.0.0.1:${port}`,
    contentTypes,
    /** Everything that was sent, as bytes: for what must not be in it. */
    raw: () => bytes.join("\n"),
    resources: (): ReadonlyArray<Attributes> =>
      traces.flatMap(({ resourceSpans }) =>
        resourceSpans.map(({ resource }) => attributesOf(resource.attributes))
      ),
    spans: () => traces.flatMap(spansOf),
    /** The last export alone: they are cumulative. */
    metrics: () => metrics.slice(-1).flatMap(metricsOf),
    [Symbol.asyncDispose]: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, "close")
    }
  }
}

export type OtlpReceiver = Awaited<ReturnType<typeof otlpReceiver>>
