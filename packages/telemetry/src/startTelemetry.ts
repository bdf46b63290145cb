import { ManagedRuntime } from "effect"
import { type Environment } from "./sdk/isExporting.ts"
import type { Service } from "./sdk/startSdk.ts"
import { Telemetry, telemetryLayer } from "./Telemetry.ts"

/** Telemetry for programs that are not Effect's. */
export interface RunningTelemetry {
  readonly exporting: boolean
  readonly metricsText: () => Promise<string>
  /** Sends what is left, and stops. */
  readonly shutdown: () => Promise<void>
}

/** Starts telemetry as `telemetryLayer` does. */
export const startTelemetry = async (
  env?: Environment,
  service?: Service
): Promise<RunningTelemetry> => {
  const runtime = ManagedRuntime.make(telemetryLayer(env, service))
  const telemetry = await runtime.runPromise(Telemetry)
  return { ...telemetry, shutdown: () => runtime.dispose() }
}
