export { renderTelemetryTable } from "./document/renderTelemetryTable.ts"
export { jsonLogs, type WriteLine } from "./logs/jsonLogger.ts"
export {
  type Definition,
  definitions,
  type MetricName,
  prometheusName
} from "./metrics/definitions.ts"
export { type Environment, isExporting } from "./sdk/isExporting.ts"
export type { Service } from "./sdk/startSdk.ts"
export { type RunningTelemetry, startTelemetry } from "./startTelemetry.ts"
export { FLUSH_PATIENCE_MS, Telemetry, telemetryLayer } from "./Telemetry.ts"
export {
  type CollectedEvent,
  type CollectedSpan,
  collectSpans,
  type SpanCollector
} from "./trace/collectSpans.ts"
export { renderTrace } from "./trace/renderTrace.ts"
export { inServerSpan, type Served, uncollectedSpan } from "./trace/serverSpan.ts"
