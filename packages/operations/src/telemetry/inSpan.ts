import { Effect, Tracer } from "effect"

/**
 * Makes a piece of the engine's work a span, where somebody collects spans. The engine itself makes
 * none: its polls and statements would hide the work; what is done within is traced as it is elsewhere.
 */
export const inSpan =
  (name: string, attributes: Readonly<Record<string, unknown>> = {}) =>
  <A, E, R>(work: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.withFiber(({ cache: { tracer } }) =>
      tracer === undefined || tracer === Tracer.nativeTracer
        ? work
        : // The span goes out of the requirements, which a generic R cannot show.
          (Effect.withTracerEnabled(
            Effect.withSpan(name, { attributes }, { captureStackTrace: false })(work),
            true
          ) as Effect.Effect<A, E, R>)
    )
