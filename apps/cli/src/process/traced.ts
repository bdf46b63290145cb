import { attribute, continuingTrace, type Environment, spans } from "@campaignctl/core"
import { Effect } from "effect"
import type { ExitCode } from "../exit/ExitCode.ts"
import type { TerminalShape } from "../terminal/Terminal.ts"

/** Prints the trace of a command as a tree on stderr when it has ended. */
export const TRACE_VARIABLE = "CAMPAIGNCTL_TRACE"

/** Whether anybody may want to know; telemetry itself is loaded to find out more. */
const asksForTelemetry = (env: Environment): boolean =>
  env[TRACE_VARIABLE] === "1" || Object.keys(env).some((name) => name.startsWith("OTEL_"))

/** Runs a command as a part of the trace that the environment names, exported or printed where it asks for that. */
export const traced = <E, R>(
  command: Effect.Effect<ExitCode, E, R>,
  { err }: TerminalShape,
  env: Environment
): Effect.Effect<ExitCode, E, R> => {
  const continued = command.pipe(
    Effect.tap((exitCode) => Effect.annotateCurrentSpan(attribute.exitCode, exitCode)),
    Effect.withSpan(spans.command.name),
    // The span's parent goes out of the requirements, which a generic R cannot show.
    (spanned) => spanned as Effect.Effect<ExitCode, E, R>,
    continuingTrace({ traceparent: env["TRACEPARENT"], tracestate: env["TRACESTATE"] })
  )
  if (!asksForTelemetry(env)) return continued
  return Effect.gen(function* () {
    const { collectSpans, renderTrace, telemetryLayer } = yield* Effect.promise(
      () => import("@campaignctl/telemetry")
    )
    if (env[TRACE_VARIABLE] !== "1") return yield* Effect.provide(continued, telemetryLayer(env))
    const { collecting, spans } = collectSpans()
    return yield* collecting(continued).pipe(
      Effect.ensuring(Effect.sync(() => err.write(`\n${renderTrace(spans())}`))),
      Effect.provide(telemetryLayer(env))
    )
  })
}
