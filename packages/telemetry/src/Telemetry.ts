import { alsoReportingTo, Progress } from "@campaignctl/core"
import { Context, Effect, Layer, type Scope, Tracer } from "effect"
import { makePrometheus } from "./metrics/prometheus.ts"
import { measuring } from "./metrics/measuring.ts"
import { complaintOf } from "./sdk/complaint.ts"
import { type Environment, isExporting } from "./sdk/isExporting.ts"
import type { Exporting, Service } from "./sdk/startSdk.ts"

/**
 * Milliseconds in which telemetry must be sent when the program ends. A collector that does not
 * answer must not hold up a person at a terminal, or a service that is told to stop.
 */
export const FLUSH_PATIENCE_MS = 5_000

const MILLIS_PER_SECOND = 1_000
const NEXT_STEP = "Check the collector, and the OTEL_EXPORTER_OTLP_* variables that lead to it."

const DEFAULT_SERVICE: Service = { name: "campaignctl" }

/** What a program may ask of its telemetry. */
export class Telemetry extends Context.Service<
  Telemetry,
  {
    /** Whether traces and metrics leave this process by themselves. */
    readonly exporting: boolean
    /** The metrics as Prometheus reads them, whether or not anything is exported. */
    readonly metricsText: () => Promise<string>
  }
>()("@campaignctl/telemetry/Telemetry") {}

/**
 * Traces and measures everything that runs with it, as the `OTEL_*` variables say.
 *
 * Where they name no endpoint and no exporter, or `OTEL_SDK_DISABLED` is true, nothing of
 * OpenTelemetry is loaded and nothing is sent; the metrics of `metricsText` are kept all the same.
 * What is left is sent when the layer's scope closes, within `FLUSH_PATIENCE_MS`. Telemetry that
 * cannot be sent, or not even be started, is logged as a warning, once, and fails nothing.
 */
export const telemetryLayer = (
  env: Environment = process.env,
  service: Service = DEFAULT_SERVICE
): Layer.Layer<Telemetry> =>
  Layer.effectContext(
    Effect.gen(function* () {
      const prometheus = makePrometheus()
      const exporting = isExporting(env) ? yield* started(env, service) : undefined
      const listener = measuring([
        prometheus.sink,
        ...(exporting === undefined ? [] : [exporting.sink])
      ])
      const progress = yield* alsoReportingTo(listener)(Effect.service(Progress))
      const kept = Context.make(Telemetry, {
        exporting: exporting !== undefined,
        metricsText: () => Promise.resolve(prometheus.text())
      }).pipe(Context.add(Progress, progress))
      return exporting === undefined ? kept : Context.add(kept, Tracer.Tracer, exporting.tracer)
    })
  )

const started = (
  env: Environment,
  service: Service
): Effect.Effect<Exporting | undefined, never, Scope.Scope> =>
  Effect.gen(function* () {
    const warn = yield* warnOnce
    const say = yield* sayAll
    return yield* Effect.acquireRelease(
      Effect.promise(async () => {
        const { startSdk } = await import("./sdk/startSdk.ts")
        return startSdk(env, service, env["OTEL_LOG_LEVEL"] ? say : warn)
      }),
      ({ shutdown }) =>
        Effect.tryPromise({ try: shutdown, catch: (error) => complaintOf(error, env) }).pipe(
          Effect.timeoutOrElse({
            duration: FLUSH_PATIENCE_MS,
            orElse: () =>
              Effect.fail(
                `no collector took it in ${FLUSH_PATIENCE_MS / MILLIS_PER_SECOND} seconds`
              )
          }),
          Effect.catch((why) =>
            Effect.sync(() => warn(`What was left could not be sent: ${why}. ${NEXT_STEP}`))
          )
        )
    )
  }).pipe(
    Effect.catchDefect((defect) =>
      Effect.as(
        Effect.logWarning("Telemetry could not be started", complaintOf(defect, env)),
        undefined
      )
    )
  )

/** Logs whatever the SDK says. */
const sayAll: Effect.Effect<(text: string) => void> = Effect.map(
  Effect.context<never>(),
  (context) => (text) => {
    Effect.runForkWith(context)(Effect.logInfo(`OpenTelemetry: ${text}`))
  }
)

/** Logs the first of the SDK's complaints: a collector that is down would make one every few seconds. */
const warnOnce: Effect.Effect<(text: string) => void> = Effect.map(
  Effect.context<never>(),
  (context) => {
    let said = false
    return (text) => {
      if (said) return
      said = true
      Effect.runForkWith(context)(
        Effect.logWarning(`Telemetry is not complete; this is said once. ${text}`)
      )
    }
  }
)
