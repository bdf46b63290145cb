import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import protobuf from "protobufjs"

/**
 * The definitions as OpenTelemetry publishes them. Later versions only add fields, which a reader of
 * these leaves out, so that an old copy reads what is sent today.
 */
const PROTO = join(
  dirname(createRequire(import.meta.url).resolve("opentelemetry-definitions/package.json")),
  "build/protos/"
)

interface KeyValue {
  readonly key: string
  readonly value?: Readonly<Record<string, unknown>>
}

/** What an export of traces holds, as far as it is looked at. */
export interface ExportedTraces {
  readonly resourceSpans: ReadonlyArray<{
    readonly resource: { readonly attributes: ReadonlyArray<KeyValue> }
    readonly scopeSpans: ReadonlyArray<{
      readonly spans: ReadonlyArray<{
        readonly traceId: string
        readonly spanId: string
        readonly parentSpanId?: string
        readonly name: string
        readonly kind: string
        readonly status?: { readonly code?: string }
        readonly attributes?: ReadonlyArray<KeyValue>
        readonly events?: ReadonlyArray<{
          readonly name: string
          readonly attributes?: ReadonlyArray<KeyValue>
        }>
      }>
    }>
  }>
}

interface Points {
  readonly dataPoints: ReadonlyArray<{
    readonly attributes?: ReadonlyArray<KeyValue>
    readonly asDouble?: number
    readonly asInt?: string
    readonly count?: string
  }>
}

/** What an export of metrics holds, as far as it is looked at. */
export interface ExportedMetrics {
  readonly resourceMetrics: ReadonlyArray<{
    readonly scopeMetrics: ReadonlyArray<{
      readonly metrics: ReadonlyArray<{
        readonly name: string
        readonly unit: string
        readonly description: string
        readonly sum?: Points
        readonly gauge?: Points
        readonly histogram?: Points
      }>
    }>
  }>
}

/** OTLP's JSON writes ids in hexadecimal, where protobuf's own JSON has base64. */
const HEX_IDS: ReadonlySet<string> = new Set(["traceId", "spanId", "parentSpanId"])
const withBase64Ids = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withBase64Ids)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      HEX_IDS.has(key) && typeof item === "string"
        ? Buffer.from(item, "hex").toString("base64")
        : withBase64Ids(item)
    ])
  )
}

/** Reads an export by its published definition, from protobuf or from JSON. */
export type Decode<Export> = (contentType: string, body: Buffer) => Export

/** The definition of one signal's export, loaded. */
export const decoderOf = async <Export>(
  signal: "trace" | "metrics",
  message: string
): Promise<Decode<Export>> => {
  const root = new protobuf.Root()
  root.resolvePath = (_origin, target) => `${PROTO}${target}`
  await root.load(`opentelemetry/proto/collector/${signal}/v1/${signal}_service.proto`)
  const definition = root.lookupType(`opentelemetry.proto.collector.${signal}.v1.${message}`)
  return (contentType, body) => {
    const decoded = contentType.startsWith("application/json")
      ? definition.fromObject(withBase64Ids(JSON.parse(body.toString("utf8"))) as object)
      : definition.decode(body)
    return definition.toObject(decoded, { longs: String, enums: String, bytes: String }) as Export
  }
}

export type Attributes = Readonly<Record<string, unknown>>

export const attributesOf = (list: ReadonlyArray<KeyValue> = []): Attributes =>
  Object.fromEntries(
    list.map(({ key, value = {} }) => {
      const [kind, plain] = Object.entries(value)[0] ?? []
      return [key, kind === "intValue" ? Number(plain) : plain]
    })
  )

/** An id in hexadecimal; empty where there is none. */
export const hexOf = (base64 = ""): string => Buffer.from(base64, "base64").toString("hex")
