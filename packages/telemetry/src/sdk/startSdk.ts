import { Effect, type Tracer } from "effect"
import { complaintOf } from "./complaint.ts"
import { discreetTracer } from "../trace/discreetTracer.ts"
import type { Sink } from "../metrics/Sink.ts"
import type { Environment } from "./isExporting.ts"

/** The program whose telemetry it is, where the environment does not say. */
export interface Service {
  readonly name: string
  readonly version?: string
}

/** An SDK that exports. */
export interface Exporting {
  readonly tracer: Tracer.Tracer
  readonly sink: Sink
  /** Sends what is left, and stops. */
  readonly shutdown: () => Promise<void>
}

/** The scope under which our spans and metrics are told. */
const SCOPE = "campaignctl"

const LOG_LEVEL = "OTEL_LOG_LEVEL"

/** Makes the SDK while the level is not in the environment: it would set a logger of its own. */
const withoutLogLevel = <A>(make: () => A): A => {
  const { [LOG_LEVEL]: level } = process.env
  delete process.env[LOG_LEVEL]
  try {
    return make()
  } finally {
    if (level !== undefined) process.env[LOG_LEVEL] = level
  }
}

/**
 * Starts OpenTelemetry's SDK for Node as the `OTEL_*` variables say, and loads it for that.
 *
 * It detects nothing about the process or the host unless `OTEL_NODE_RESOURCE_DETECTORS` asks:
 * the command line and the user's name, which the SDK tells by default, are nobody else's business.
 *
 * @param tell is told what the SDK could not do, such as reach its collector; with `OTEL_LOG_LEVEL`
 * all that it says at that level, which it would itself write to stdout, among a program's results
 */
export const startSdk = async (
  env: Environment,
  service: Service,
  tell: (text: string) => void
): Promise<Exporting> => {
  const [
    { diag, DiagLogLevel, metrics, trace },
    { core, NodeSDK, resources },
    { OtelTracer, make }
  ] = await Promise.all([
    import("@opentelemetry/api"),
    import("@opentelemetry/sdk-node"),
    import("@effect/opentelemetry/OtelTracer")
  ])
  const say = (text: unknown) => tell(complaintOf(text, env))
  const asked = env[LOG_LEVEL] ? core.diagLogLevelFromString(env[LOG_LEVEL]) : undefined
  diag.setLogger(
    { error: say, warn: say, info: say, debug: say, verbose: say },
    { logLevel: asked ?? DiagLogLevel.WARN, suppressOverrideMessage: true }
  )
  const resource = resources.defaultResource().merge(
    resources.resourceFromAttributes({
      "service.name": service.name,
      ...(service.version === undefined ? {} : { "service.version": service.version })
    })
  )
  const sdk = withoutLogLevel(
    () =>
      new NodeSDK({
        resource,
        ...(env["OTEL_NODE_RESOURCE_DETECTORS"]
          ? {}
          : { resourceDetectors: [resources.envDetector] })
      })
  )
  sdk.start()
  const { otelSink } = await import("../metrics/otelSink.ts")
  const tracer = Effect.runSync(
    Effect.provideService(make, OtelTracer, trace.getTracer(SCOPE, service.version))
  )
  return {
    tracer: discreetTracer(tracer),
    sink: otelSink(metrics.getMeter(SCOPE, service.version)),
    shutdown: () => sdk.shutdown()
  }
}
