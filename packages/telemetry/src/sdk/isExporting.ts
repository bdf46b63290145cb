/** The environment, as far as it is read. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Variables that say where telemetry goes. Source: OpenTelemetry's environment variable specification. */
const ENDPOINTS: ReadonlyArray<string> = [
  "OTEL_EXPORTER_OTLP_ENDPOINT",
  "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
  "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"
]
/** Variables that name the exporters; `none` names none. */
const EXPORTERS: ReadonlyArray<string> = ["OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER"]

/**
 * Whether the environment asks for telemetry to be exported.
 *
 * OpenTelemetry's own default is a collector on this machine. Here telemetry is off until an
 * endpoint or an exporter is named, so that nothing is loaded or sent that nobody asked for.
 */
export const isExporting = (env: Environment): boolean => {
  if (env["OTEL_SDK_DISABLED"]?.trim().toLowerCase() === "true") return false
  const named = EXPORTERS.map((name) => env[name]?.trim() ?? "")
  if (named.every((exporter) => exporter === "none")) return false
  return (
    ENDPOINTS.some((name) => (env[name]?.trim() ?? "") !== "") ||
    named.some((exporter) => exporter !== "" && exporter !== "none")
  )
}
