import { Layer, ManagedRuntime } from "effect"
import type { Environment } from "./sdk/isExporting.ts"
import type { Service } from "./sdk/startSdk.ts"
import { Telemetry, telemetryLayer } from "./Telemetry.ts"

/** Telemetry that outlives a program's layers, so that their own end is still told. */
export interface RunningTelemetry {
  readonly exporting: boolean
  readonly metricsText: () => Promise<string>
  /** Traces and measures what it is provided to. */
  readonly layer: Layer.Layer<Telemetry>
  /** Sends what is left, and stops. */
  readonly shutdown: () => Promise<void>
}

/** Starts telemetry as `telemetryLayer` does, until `shutdown`. */
export const startTelemetry = async (
  env?: Environment,
  service?: Service
): Promise<RunningTelemetry> => {
  const runtime = ManagedRuntime.make(telemetryLayer(env, service))
  const context = await runtime.context()
  return {
    ...(await runtime.runPromise(Telemetry)),
    layer: Layer.succeedContext(context),
    shutdown: () => runtime.dispose()
  }
}
